import { type HardwareSources, keyValues } from "./sources.ts";

/** The two generations of control groups. */
type CgroupVersion = "cgroup1" | "cgroup2";

/** Where the control groups of this process are, from its own up to the root of the mount. */
export interface CgroupLevels {
  readonly version: CgroupVersion;
  readonly folders: readonly string[];
}

const MOUNT = "/sys/fs/cgroup";

/**
 * Finds the groups whose limits hold for this process, for one controller. The limit of each parent
 * holds too. In a container the path is often the one outside, of which only the root can be seen,
 * and that is the container's own group; folders that are not there are left to the reader.
 *
 * Sources: cgroups(7); Documentation/admin-guide/cgroup-v2.rst of the Linux kernel.
 *
 * @param membership - the text of /proc/self/cgroup
 * @returns undefined when the controller is in no group
 */
export function cgroupLevels(
  membership: string,
  controller: "memory" | "cpu",
): CgroupLevels | undefined {
  const lines = membership.split("\n").flatMap((line) => {
    const match = /^\d+:([^:]*):(\/.*)$/.exec(line);
    return match ? [{ controllers: match[1]!, path: match[2]! }] : [];
  });
  // With both generations mounted, a controller that the first one lists is only there.
  const first = lines.find(({ controllers }) => controllers.split(",").includes(controller));
  if (first) {
    return { version: "cgroup1", folders: upwards(`${MOUNT}/${first.controllers}`, first.path) };
  }
  const second = lines.find(({ controllers }) => controllers === "");
  return second && { version: "cgroup2", folders: upwards(MOUNT, second.path) };
}

function upwards(root: string, path: string): string[] {
  const names = path.split("/").filter((name) => name !== "" && name !== "..");
  return Array.from({ length: names.length + 1 }, (_, dropped) =>
    [root, ...names.slice(0, names.length - dropped)].join("/"),
  );
}

/** The text of a file; undefined when there is none. @throws Error when it cannot be read */
async function readIfThere(sources: HardwareSources, path: string): Promise<string | undefined> {
  return (await sources.exists(path)) ? (await sources.readFile(path)).trim() : undefined;
}

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

/** What the control groups allow, in bytes; Infinity where nothing is limited. */
interface MemoryAllowance {
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
