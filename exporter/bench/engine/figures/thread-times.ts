import { readdirSync, readFileSync } from "node:fs";
import { parseStat } from "../../../src/status/snapshot/linux-stat.ts";

/** Linux counts a thread's processor time in hundredths of a second for programs (USER_HZ). */
const TICKS_PER_SECOND = 100;

/** Processor seconds, user and system, by thread id. */
export type ThreadTimes = ReadonlyMap<number, number>;

/** Processor seconds that the threads of an exporter and its scorers took. */
export interface ThreadShares {
  /** The thread that runs JavaScript's main program: HTTP, JSON, cache, attribution. */
  readonly main: number;
  /** The busiest other threads, as many as there are scorers, the busiest first. */
  readonly workers: readonly number[];
  /** The rest: V8's and libuv's own threads. */
  readonly others: number;
}

/**
 * Parses the texts of `/proc/<pid>/task/<tid>/stat`.
 *
 * @returns without those that are no such text, as of a thread that has just ended
 */
export function parseThreadTimes(stats: readonly string[]): ThreadTimes {
  return new Map(
    stats.flatMap((text) => {
      const thread = parseStat(text);
      return thread ? [[thread.pid, thread.time / TICKS_PER_SECOND] as const] : [];
    }),
  );
}

/**
 * What each thread of a process and of its children has used so far.
 *
 * @returns undefined where the system does not tell, which only Linux does
 */
export function readThreadTimes(pid: number): ThreadTimes | undefined {
  try {
    return parseThreadTimes([pid, ...childrenOf(pid)].flatMap(statsOf));
  } catch {
    return undefined;
  }
}

function childrenOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
  return children.split(" ").filter(Boolean).map(Number);
}

function statsOf(pid: number): string[] {
  const folder = `/proc/${pid}/task`;
  return readdirSync(folder).map((thread) => {
    try {
      return readFileSync(`${folder}/${thread}/stat`, "utf8");
    } catch {
      return "";
    }
  });
}

/**
 * What the threads used between two readings. Node 20 gives its threads no names, so the scorers' are
 * told from the helpers by their work.
 */
export function sharesBetween(
  before: ThreadTimes,
  after: ThreadTimes,
  { pid, workers }: { readonly pid: number; readonly workers: number },
): ThreadShares {
  const used = [...after].map(
    ([thread, seconds]) => [thread, seconds - (before.get(thread) ?? 0)] as const,
  );
  const others = used
    .flatMap(([thread, seconds]) => (thread === pid ? [] : [seconds]))
    .sort((a, b) => b - a);
  return {
    main: used.find(([thread]) => thread === pid)?.[1] ?? 0,
    workers: others.slice(0, workers),
    others: others.slice(workers).reduce((sum, seconds) => sum + seconds, 0),
  };
}
