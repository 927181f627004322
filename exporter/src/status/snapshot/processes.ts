import { readdirSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { setImmediate as nextTurn } from "node:timers/promises";
import { processes } from "systeminformation";
import { parseStat, parseTotalTime, programName, type ProcessCount } from "./linux-stat.ts";
import { amount, overWindow, plainName, type Reader } from "./reader.ts";
import type { ProcessesState, ProcessState } from "./snapshot.ts";

/** How many processes each list of the heaviest holds. */
const TOP_PROCESSES = 5;

/** How many files are read before others get their turn. Files of `/proc` take 15 microseconds. */
const FILES_PER_TURN = 50;

/**
 * A reader of the running processes and the heaviest of them; a container shows its own. Names are
 * those of the programs without their arguments, which may hold secrets.
 *
 * On Linux systeminformation starts one process for each that it finds: 77 ms of processor time for
 * 75 processes, where reading `/proc` takes 4 ms.
 */
export function processesReader(): Reader<ProcessesState> {
  return process.platform === "linux" ? linuxProcessesReader() : readProcesses;
}

/**
 * Reads the processes through systeminformation, which runs `ps` once. Programs of macOS have
 * spaces in their names, so a first argument that is not an option stays in the name there.
 */
async function readProcesses(): Promise<ProcessesState> {
  const { list } = await processes();
  if (list.length === 0) throw new Error("the system lists no processes");
  // `ps` tells the share of one core. On Windows it is the share of all of them.
  const scale = process.platform === "win32" ? availableParallelism() : 1;
  const all = list.map(({ pid, name, cpu, memRss }) => ({
    pid,
    name: plainName(name),
    cpuShare: (amount(cpu) / 100) * scale,
    memoryBytes: amount(memRss) * 1024,
  }));
  return {
    count: all.length,
    topByCpu: top(all, "cpuShare"),
    topByMemory: top(all, "memoryBytes"),
  };
}

/** The heaviest that use any at all, the heaviest first; equals by pid. */
function top<M extends string, T extends Readonly<Record<M | "pid", number>>>(
  all: readonly T[],
  measure: M,
): readonly T[] {
  return all
    .filter((one) => one[measure] > 0)
    .sort((a, b) => b[measure] - a[measure] || a.pid - b.pid)
    .slice(0, TOP_PROCESSES);
}

interface Count {
  /** Time of all cores since the start, idle included, in the unit of the processes' times. */
  readonly total: number;
  readonly cores: number;
  readonly processes: ReadonlyMap<number, ProcessCount>;
}

/** A process that has not its full name yet, nor its memory in bytes, only in pages. */
type Ranked = ProcessCount & { readonly cpuShare: number };

/** A reader of the processes that reads `/proc`. */
function linuxProcessesReader(): Reader<ProcessesState> {
  const ranked = overWindow(count, rank);
  return async (signal) => {
    const all = await ranked(signal);
    const byCpu = await Promise.all(top(all, "cpuShare").map(describe));
    const byMemory = await Promise.all(top(all, "pages").map(describe));
    // Again, because the exact sizes may be in another order, and a process may have ended.
    return {
      count: all.length,
      topByCpu: top(byCpu, "cpuShare"),
      topByMemory: top(byMemory, "memoryBytes"),
    };
  };
}

async function count(): Promise<Count> {
  const processes = new Map<number, ProcessCount>();
  const pids = readdirSync("/proc").filter((entry) => /^\d+$/.test(entry));
  for (const [index, pid] of pids.entries()) {
    if (index % FILES_PER_TURN === FILES_PER_TURN - 1) await nextTurn();
    const stat = parseStat(readStat(pid));
    if (stat) processes.set(stat.pid, stat);
  }
  if (processes.size === 0) throw new Error("/proc lists no processes");
  return { ...parseTotalTime(readFileSync("/proc/stat", "utf8")), processes };
}

/** The file's text, or nothing when the process has ended. */
function readStat(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return "";
  }
}

function rank(before: Count, after: Count): readonly Ranked[] {
  const total = after.total - before.total;
  return [...after.processes.values()].map((now) => {
    const then = before.processes.get(now.pid);
    // A pid is given again; a process that is new has used all its time within the window.
    const used = now.time - (then?.started === now.started ? then.time : 0);
    return { ...now, cpuShare: total > 0 ? (Math.max(0, used) / total) * after.cores : 0 };
  });
}

/**
 * Adds what only the heaviest need. These files can wait for the process's lock, so they are not
 * read on the event loop.
 */
async function describe({ pid, name, cpuShare }: Ranked): Promise<ProcessState> {
  const [command, status] = await Promise.all(
    ["cmdline", "status"].map((file) => readFile(`/proc/${pid}/${file}`, "utf8").catch(() => "")),
  );
  const kilobytes = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status!)?.[1] ?? 0);
  return {
    pid,
    name: plainName(programName(command!, name) || name),
    cpuShare,
    memoryBytes: kilobytes * 1024,
  };
}
