import { readBattery } from "./battery.ts";
import { cpuReader } from "./cpu.ts";
import { readDisks } from "./disks.ts";
import { readMemory } from "./memory.ts";
import { networkReader } from "./network.ts";
import { processesReader } from "./processes.ts";
import type { Readers } from "./reader.ts";
import { readUptime } from "./uptime.ts";

/**
 * Readers of this machine. Those of rates remember their last counts, so one set is made once, and
 * the same part is not read twice at the same time.
 */
export function machineReaders(): Readers {
  return {
    cpu: cpuReader(),
    memory: readMemory,
    disks: readDisks,
    network: networkReader(),
    processes: processesReader(),
    uptime: readUptime,
    battery: readBattery,
  };
}
