import { type HardwareSources, keyValues, wholeNumber } from "../sources.ts";

/**
 * How memory is read, the best that a system gives without privilege. `smaps_rollup`: resident, pages
 * that several processes share divided among them. `footprint` and `top`: what macOS charges to a
 * process, compressed pages included, shared ones left out. `rss`: resident, shared pages counted in
 * each process.
 */
export const MEMORY_SOURCES = ["smaps_rollup", "footprint", "top", "rss"] as const;

/** Memory of some processes, in bytes. */
export interface ProcessMemory {
  /** By process id; one that has ended is absent. */
  readonly bytes: ReadonlyMap<number, number>;
  readonly source: (typeof MEMORY_SOURCES)[number];
}

/** Reads the memory of processes of this user, of which the first is this one. */
export async function readProcessMemory(
  sources: HardwareSources,
  pids: readonly number[],
): Promise<ProcessMemory> {
  const ways =
    sources.platform === "linux"
      ? [smapsRollup]
      : sources.platform === "darwin"
        ? [footprint, top]
        : [];
  for (const way of ways) {
    const found = await way(sources, pids).catch(() => undefined);
    if (found?.bytes.has(pids[0]!)) return found;
  }
  return { bytes: await residentSets(sources, pids), source: "rss" };
}

/** The proportional set size; Documentation/ABI/testing/procfs-smaps_rollup of the Linux kernel. */
async function smapsRollup(
  sources: HardwareSources,
  pids: readonly number[],
): Promise<ProcessMemory> {
  const read = async (pid: number): Promise<readonly [number, number][]> => {
    const text = await sources.readFile(`/proc/${pid}/smaps_rollup`).catch(() => "");
    // It has ended, or is not this user's.
    if (text === "") return [];
    return [[pid, 1024 * wholeNumber(keyValues(text), "Pss")]];
  };
  return { bytes: new Map((await Promise.all(pids.map(read))).flat()), source: "smaps_rollup" };
}

/** footprint(1). It takes a pid that it does not find for a part of a name, and tells of a stranger. */
async function footprint(
  sources: HardwareSources,
  pids: readonly number[],
): Promise<ProcessMemory> {
  const named = pids.flatMap((pid) => ["-p", String(pid)]);
  const text = await sources.run("/usr/bin/footprint", ["--noCategories", "-f", "bytes", ...named]);
  const bytes = new Map<number, number>();
  let pid: number | undefined;
  for (const line of text.split("\n")) {
    const head = /\[(\d+)\]: .*Footprint:/.exec(line)?.[1];
    if (head !== undefined) pid = Number(head);
    const value = /^\s*phys_footprint: (\d+) B/.exec(line)?.[1];
    if (value !== undefined && pid !== undefined && pids.includes(pid)) {
      bytes.set(pid, Number(value));
    }
  }
  return { bytes, source: "footprint" };
}

const UNITS: Readonly<Record<string, number>> = {
  B: 1,
  K: 2 ** 10,
  M: 2 ** 20,
  G: 2 ** 30,
  T: 2 ** 40,
};

/** top(1), whose MEM is the same figure, rounded; it takes longer and works where footprint does not. */
async function top(sources: HardwareSources, pids: readonly number[]): Promise<ProcessMemory> {
  const named = pids.flatMap((pid) => ["-pid", String(pid)]);
  const text = await sources.run("/usr/bin/top", ["-l", "1", "-stats", "pid,mem", ...named]);
  const rows = text.matchAll(/^(\d+)\s+(\d+(?:\.\d+)?)([BKMGT])[+-]?\s*$/gm);
  const bytes = new Map<number, number>();
  for (const [, pid, amount, unit] of rows) {
    if (pids.includes(Number(pid))) bytes.set(Number(pid), Number(amount) * UNITS[unit!]!);
  }
  return { bytes, source: "top" };
}

/** What Node knows of this process, and ps of the others. */
async function residentSets(
  sources: HardwareSources,
  [own, ...others]: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  const bytes = new Map([[own!, sources.os.residentBytes]]);
  if (others.length === 0) return bytes;
  const text = await sources.run("ps", ["-o", "pid=,rss=", "-p", others.join(",")]).catch(() => "");
  for (const [, pid, kibibytes] of text.matchAll(/^\s*(\d+)\s+(\d+)\s*$/gm)) {
    bytes.set(Number(pid), 1024 * Number(kibibytes));
  }
  return bytes;
}
