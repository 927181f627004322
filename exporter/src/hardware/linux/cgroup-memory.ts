import { keyValues } from "../key-values.ts";
import type { HardwareSources } from "../sources.ts";
import { readIfThere, type CgroupLevels, type CgroupVersion } from "./cgroup-levels.ts";

/** What the control groups allow, in bytes; Infinity where nothing is limited. */
export interface MemoryAllowance {
  /** The smallest limit. */
  readonly limitBytes: number;
  /** What the group with that limit uses, without what is dropped when memory gets short. */
  readonly usedBytes: number;
  /** What is left below the limit that is reached first. */
  readonly leftBytes: number;
}

const FILES: Record<CgroupVersion, { limit: string; usage: string; reclaimable: string }> = {
  cgroup1: {
    limit: "memory.limit_in_bytes",
    usage: "memory.usage_in_bytes",
    reclaimable: "total_inactive_file",
  },
  cgroup2: { limit: "memory.max", usage: "memory.current", reclaimable: "inactive_file" },
};

/** The first generation writes "no limit" as the greatest 64-bit number, rounded down to a page. */
const NO_LIMIT = 2 ** 62;

/**
 * Reads limit and usage of memory at each level.
 *
 * Usage counts the page cache, of which the inactive part is dropped when memory gets short, so it
 * is left out, as `docker stats` does.
 *
 * @throws Error when a file that is there cannot be read
 */
export async function memoryAllowance(
  { version, folders }: CgroupLevels,
  sources: HardwareSources,
): Promise<MemoryAllowance> {
  const files = FILES[version];
  let [limitBytes, usedBytes, leftBytes] = [Infinity, 0, Infinity];
  for (const folder of folders) {
    const limit = bytes(await readIfThere(sources, `${folder}/${files.limit}`));
    if (limit === Infinity) continue;
    const usage = Number(await readIfThere(sources, `${folder}/${files.usage}`));
    const stat = keyValues(
      ((await readIfThere(sources, `${folder}/memory.stat`)) ?? "").replaceAll(" ", ":"),
    );
    const used = Math.max(0, (usage || 0) - Number(stat.get(files.reclaimable) ?? 0));
    // Of two groups with one limit, the outer one holds what the inner one does, and perhaps more.
    if (limit <= limitBytes) [limitBytes, usedBytes] = [limit, used];
    leftBytes = Math.min(leftBytes, Math.max(0, limit - used));
  }
  return { limitBytes, usedBytes, leftBytes };
}

function bytes(text: string | undefined): number {
  const value = text === undefined || text === "max" ? Infinity : Number(text);
  return value >= 0 && value < NO_LIMIT ? value : Infinity;
}
