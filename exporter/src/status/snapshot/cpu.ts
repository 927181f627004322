import { cpus, loadavg } from "node:os";
import { overWindow, type Reader } from "./reader.ts";
import type { CpuState } from "./snapshot.ts";

/** Time of one core since the machine started, in milliseconds. */
export interface CoreTime {
  readonly busy: number;
  readonly idle: number;
}

/**
 * A reader of how busy the machine's processors are; inside a container these are the host's.
 *
 * It uses `node:os`, which has the same counters as systeminformation's `currentLoad()`. That one
 * starts a shell and blocks the event loop meanwhile, takes 500 ms at its first call, and later
 * averages over the whole time since whoever called it last.
 */
export function cpuReader(): Reader<CpuState> {
  return overWindow(coreTimes, cpuState);
}

/** The processors' state between two counts. */
export function cpuState(before: readonly CoreTime[], after: readonly CoreTime[]): CpuState {
  if (after.length === 0) throw new Error("the system lists no processors");
  let [busy, idle] = [0, 0];
  for (const [index, core] of after.entries()) {
    // A virtual machine that moved to another host may count backwards.
    busy += Math.max(0, core.busy - (before[index]?.busy ?? 0));
    idle += Math.max(0, core.idle - (before[index]?.idle ?? 0));
  }
  return {
    cores: after.length,
    usage: busy + idle > 0 ? busy / (busy + idle) : 0,
    loadAverage1m: loadavg()[0] ?? 0,
  };
}

function coreTimes(): CoreTime[] {
  return cpus().map(({ times }) => ({
    busy: times.user + times.nice + times.sys + times.irq,
    idle: times.idle,
  }));
}
