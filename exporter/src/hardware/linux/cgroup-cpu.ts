import type { HardwareSources } from "../sources.ts";
import { readIfThere, type CgroupLevels } from "./cgroup-levels.ts";

/**
 * Processors that the control groups allow: the smallest quota divided by its period. Infinity
 * where nothing is limited.
 *
 * @throws Error when a file that is there cannot be read
 */
export async function cpuAllowance(
  { version, folders }: CgroupLevels,
  sources: HardwareSources,
): Promise<number> {
  const read = version === "cgroup1" ? quota1 : quota2;
  const quotas = await Promise.all(folders.map((folder) => read(folder, sources)));
  return Math.min(...quotas.map(([quota, period]) => cores(quota, period)));
}

type Quota = readonly [quota: string | undefined, period: string | undefined];

async function quota1(folder: string, sources: HardwareSources): Promise<Quota> {
  return Promise.all([
    readIfThere(sources, `${folder}/cpu.cfs_quota_us`),
    readIfThere(sources, `${folder}/cpu.cfs_period_us`),
  ]);
}

async function quota2(folder: string, sources: HardwareSources): Promise<Quota> {
  const [quota, period] = ((await readIfThere(sources, `${folder}/cpu.max`)) ?? "").split(" ");
  return [quota, period];
}

/** No limit is -1 in the first generation and "max" in the second. */
function cores(quota: string | undefined, period: string | undefined): number {
  const value = Number(quota) / Number(period);
  return value > 0 ? value : Infinity;
}
