import { formatCount } from "@headroom/loadtest/report/format";
import type { SaturatedRun } from "./saturation.ts";

/** Processor seconds that a message costs. */
export interface Costs {
  readonly main: number;
  readonly workers: number;
  readonly others: number;
}

/** What a machine could answer each second. */
export interface Reach {
  readonly messagesPerSecond: number;
  readonly boundBy: "main thread" | "workers";
}

/** Of the machine and of the fleet that the measured figures are extrapolated to. */
const CORES = 10;
const MACHINES = 10;

/** What a message cost in a saturated run. */
export function costsOf({ messages, threads }: SaturatedRun): Costs {
  const workers = threads.workers.reduce((sum, used) => sum + used, 0);
  return {
    main: threads.main / messages,
    workers: workers / messages,
    others: threads.others / messages,
  };
}

/**
 * One exporter that has some cores for itself: its main thread takes one, and a worker each of the
 * others. It grows with the workers until the main thread is full.
 *
 * @param cores - at least two
 */
export function reachOfOne({ main, workers, others }: Costs, cores: number): Reach {
  const ofMain = 1 / main;
  const ofWorkers = (cores - 1) / (workers + others);
  return ofMain < ofWorkers
    ? { messagesPerSecond: ofMain, boundBy: "main thread" }
    : { messagesPerSecond: ofWorkers, boundBy: "workers" };
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
