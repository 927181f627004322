import { readdirSync, readFileSync } from "node:fs";
import { sum } from "simple-statistics";
import { formatCount, formatShare } from "@headroom/loadtest/report/format";
import { parseStat } from "../../src/status/snapshot/linux-stat.ts";

/** Linux counts a thread's processor time in hundredths of a second for programs (USER_HZ). */
const TICKS_PER_SECOND = 100;

/** Processor seconds, user and system, by thread id. */
type ThreadTimes = ReadonlyMap<number, number>;

/** Processor seconds that the threads of an exporter and its scorers took. */
interface ThreadShares {
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

/** What the threads used between two readings; the scorers' are told from the helpers by their work. */
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
    others: sum(others.slice(workers)),
  };
}

/** A run with as much load as was answered. */
export interface SaturatedRun {
  readonly seconds: number;
  readonly messages: number;
  /** Cores that exporter and client share. */
  readonly cores: number;
  /** Processor seconds of the exporter's threads. */
  readonly threads: ThreadShares;
  /** Processor seconds of the client. */
  readonly client: number;
}

/** Beyond this share a thread or machine counts as full: the rest is lost to switching. */
const FULL = 0.9;

const MAIN = "main thread (HTTP, JSON, attribution)";

/**
 * What took processor time in a run, thread by thread.
 *
 * @returns processor seconds, and how busy the one core is that a thread can have
 */
export function loadsOf({ seconds, threads, client }: SaturatedRun) {
  const alone = (what: string, processorSeconds: number) => ({
    ...{ what, processorSeconds },
    busy: processorSeconds / seconds,
  });
  return [
    alone(MAIN, threads.main),
    ...threads.workers.map((used, i) => alone(`scorer ${i + 1} (words, tokens, model)`, used)),
    // Several threads together have no core.
    { what: "V8's and libuv's threads", processorSeconds: threads.others, busy: undefined },
    alone("client", client),
  ];
}

/** Says in a sentence what saturates first, from the processor time that was measured. */
export function saturatesFirst(run: SaturatedRun): string {
  const loads = loadsOf(run);
  const total = sum(loads.map(({ processorSeconds }) => processorSeconds));
  const machine = total / (run.seconds * run.cores);
  const threads = loads.filter((load) => load.busy !== undefined);
  const busiest = threads.reduce((a, b) => (b.busy! > a.busy! ? b : a));
  if (busiest.busy! >= FULL) {
    return (
      `The ${busiest.what} saturates first: it is busy ${formatShare(busiest.busy!)} of the time, ` +
      `while all threads together take ${formatShare(machine)} of ${run.cores} cores.`
    );
  }
  const model = sum(run.threads.workers);
  const parts = [
    [MAIN, run.threads.main],
    ["scorers (words, tokens, model)", model],
    ["client", run.client],
  ] as const;
  const [largest, used] = parts.reduce((a, b) => (b[1] > a[1] ? b : a));
  if (machine >= FULL) {
    return (
      `The machine's ${run.cores} cores saturate first: ${formatShare(machine)} of them are taken, ` +
      `and no thread has a whole one to itself. The largest part has the ${largest}: ` +
      `${formatShare(used / total)} of the processor time.`
    );
  }
  return (
    `Nothing is full: the busiest thread, the ${busiest.what}, works ${formatShare(busiest.busy!)} ` +
    `of the time, and ${formatShare(machine)} of ${run.cores} cores are taken. Other programs on ` +
    "this machine, or waiting for each other, take the rest."
  );
}

/** Of the machine and of the fleet that the measured figures are extrapolated to. */
const CORES = 10;
const MACHINES = 10;

type Costs = Readonly<Record<keyof ThreadShares, number>>;

/** Processor seconds that a message cost in a saturated run. */
export function costsOf({ messages, threads }: SaturatedRun): Costs {
  const { main, others } = threads;
  const workers = sum(threads.workers);
  return { main: main / messages, workers: workers / messages, others: others / messages };
}

/**
 * One exporter that has some cores for itself: its main thread takes one, and a worker each of the
 * others. It grows with the workers until the main thread is full.
 *
 * @param cores - at least two
 */
export function reachOfOne({ main, workers, others }: Costs, cores: number) {
  const ofMain = 1 / main;
  const ofWorkers = (cores - 1) / (workers + others);
  const boundBy = ofMain < ofWorkers ? "main thread" : "workers";
  return { messagesPerSecond: Math.min(ofMain, ofWorkers), boundBy };
}

/** As many exporters as it takes to fill all cores, in messages a second. */
export function reachOfMany({ main, workers, others }: Costs, cores: number): number {
  return cores / (main + workers + others);
}

/** The extrapolation to more cores and machines, in words, with what it assumes. */
export function extrapolation(run: SaturatedRun): string[] {
  const costs = costsOf(run);
  const micro = (seconds: number) => `${(1e6 * seconds).toFixed(1)} µs`;
  const rate = (perSecond: number) => `${formatCount(perSecond)} messages/s`;
  const one = reachOfOne(costs, CORES);
  const here = reachOfMany(costs, run.cores);
  return [
    `A message costs ${micro(costs.main)} of the main thread, ${micro(costs.workers)} of the workers ` +
      `and ${micro(costs.others)} of V8's and libuv's threads. So the main thread alone bears ` +
      `${rate(1 / costs.main)}, and ${run.cores} cores without the client ${rate(here)}.`,
    `On ${CORES} cores, one exporter would reach ${rate(one.messagesPerSecond)}, bound by its ` +
      `${one.boundBy}; as many exporters as fill the cores, ${rate(reachOfMany(costs, CORES))}. ` +
      `${MACHINES} machines like this one would reach ${rate(MACHINES * here)}.`,
    "This assumes that a message costs as much there as here: that the cores are alike and get in " +
      "each other's way (caches, memory, clock) no more than these; that workers add up linearly until " +
      "the main thread is full; that clients and network run elsewhere and are fast enough; that " +
      "requests are spread evenly; and that nothing else works on these machines. None of it was " +
      "measured there.",
  ];
}
