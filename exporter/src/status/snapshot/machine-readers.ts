import { readBattery } from "./battery.ts";
import { cpuReader } from "./cpu.ts";
import { readDisks } from "./disks.ts";
import { type MachineMemory, readMachineMemory } from "../../hardware/memory/machine-memory.ts";
import { thisMachine } from "../../hardware/sources.ts";
import { memoryState } from "./memory.ts";
import { networkReader } from "./network.ts";
import { processesReader } from "./processes.ts";
import type { Readers } from "./reader.ts";
import { readUptime } from "./uptime.ts";

/**
 * Readers of this machine. Those of rates remember their last counts, so one set is made once, and
 * the same part is not read twice at the same time.
 *
 * @param memory - the memory of now, where somebody reads it anyway; undefined when it is not known
 */
export function machineReaders(
  memory: () => Promise<MachineMemory | undefined> = readMemory,
): Readers {
  return {
    cpu: cpuReader(),
    memory: async () => memoryState(await memory()),
    disks: readDisks,
    network: networkReader(),
    processes: processesReader(),
    uptime: readUptime,
    battery: readBattery,
  };
}

/** A program of the system that takes longer than a snapshot may is ended. */
const PROGRAM_LIMIT_MS = 1_000;

function readMemory(): Promise<MachineMemory> {
  return readMachineMemory(thisMachine(PROGRAM_LIMIT_MS));
}
