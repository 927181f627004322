import { readdirSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { setImmediate as nextTurn } from "node:timers/promises";
import { parseStat, parseTotalTime, programName, type ProcessCount } from "./linux-stat.ts";
import { plainName } from "./name.ts";
import type { Reader } from "./reader.ts";
import type { ProcessesState, ProcessState } from "./snapshot.ts";
import { top } from "./top.ts";
import { overWindow } from "./window.ts";

/** How many files are read before others get their turn. Files of `/proc` take 15 microseconds. */
const FILES_PER_TURN = 50;

interface Count {
  /** Time of all cores since the start, idle included, in the unit of the processes' times. */
  readonly total: number;
  readonly cores: number;
  readonly processes: ReadonlyMap<number, ProcessCount>;
}

/** A process with its measures, but not yet with its full name, and with pages for bytes. */
type Ranked = ProcessCount & Pick<ProcessState, "cpuShare" | "memoryBytes">;

/** A reader of the processes that reads `/proc`. */
export function linuxProcessesReader(): Reader<ProcessesState> {
  const ranked = overWindow({ count, between: rank });
  return async (signal) => {
    const all = await ranked(signal);
    const [byCpu, byMemory] = await Promise.all([
      Promise.all(top(all, "cpuShare").map(describe)),
      Promise.all(top(all, "memoryBytes").map(describe)),
    ]);
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
    return {
      ...now,
      cpuShare: total > 0 ? (Math.max(0, used) / total) * after.cores : 0,
      memoryBytes: now.pages,
    };
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
