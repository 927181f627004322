import { cpus, loadavg } from "node:os";
import type { CpuState } from "./snapshot.ts";
import type { Reader } from "./reader.ts";
import { overWindow } from "./window.ts";

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
  return overWindow({ count: coreTimes, between: cpuState });
}

/** The processors' state between two counts. */
export function cpuState(before: readonly CoreTime[], after: readonly CoreTime[]): CpuState {
  if (after.length === 0) throw new Error("the system lists no processors");
  const spent = after.map((core, index) => {
    const { busy, idle } = before[index] ?? { busy: 0, idle: 0 };
    // A virtual machine that moved to another host may count backwards.
    return { busy: Math.max(0, core.busy - busy), idle: Math.max(0, core.idle - idle) };
  });
  const total = spent.reduce((sum, { busy, idle }) => ({
    busy: sum.busy + busy,
    idle: sum.idle + idle,
  }));
  return {
    cores: after.length,
    usage: busyShare(total),
    usagePerCore: spent.map(busyShare),
    loadAverage1m: loadavg()[0] ?? 0,
  };
}

function coreTimes(): CoreTime[] {
  return cpus().map(({ times }) => ({
    busy: times.user + times.nice + times.sys + times.irq,
    idle: times.idle,
  }));
}

function busyShare({ busy, idle }: CoreTime): number {
  return busy + idle > 0 ? busy / (busy + idle) : 0;
}
