import { formatShare } from "@headroom/loadtest/report/format";
import type { ThreadShares } from "./thread-times.ts";

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

/** Something that takes processor time, and how full it is. */
export interface Load {
  readonly what: string;
  /** Processor seconds. */
  readonly processorSeconds: number;
  /** Of the one core that a thread can have; absent for several threads together. */
  readonly busy?: number;
}

/** Beyond this share a thread or machine counts as full: the rest is lost to switching. */
const FULL = 0.9;

const MAIN = "main thread (HTTP, JSON, attribution)";

/** What took processor time in a run, thread by thread. */
export function loadsOf({ seconds, threads, client }: SaturatedRun): Load[] {
  const alone = (what: string, used: number): Load => ({
    what,
    processorSeconds: used,
    busy: used / seconds,
  });
  return [
    alone(MAIN, threads.main),
    ...threads.workers.map((used, i) => alone(`scorer ${i + 1} (words, tokens, model)`, used)),
    { what: "V8's and libuv's threads", processorSeconds: threads.others },
    alone("client", client),
  ];
}

/** Says in a sentence what saturates first, from the processor time that was measured. */
export function saturatesFirst(run: SaturatedRun): string {
  const loads = loadsOf(run);
  const total = loads.reduce((sum, load) => sum + load.processorSeconds, 0);
  const machine = total / (run.seconds * run.cores);
  const threads = loads.filter((load) => load.busy !== undefined);
  const busiest = threads.reduce((a, b) => (b.busy! > a.busy! ? b : a));
  if (busiest.busy! >= FULL) {
    return (
      `The ${busiest.what} saturates first: it is busy ${formatShare(busiest.busy!)} of the time, ` +
      `while all threads together take ${formatShare(machine)} of ${run.cores} cores.`
    );
  }
  const model = run.threads.workers.reduce((sum, used) => sum + used, 0);
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
