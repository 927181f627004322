import { uptime } from "node:os";
import { battery } from "systeminformation";
import { need, valueOf } from "../../hardware/facts.ts";
import { readMachineMemory, type MachineMemory } from "../../hardware/memory/machine-memory.ts";
import { thisMachine } from "../../hardware/sources.ts";
import { cpuReader } from "./cpu.ts";
import { readDisks } from "./disks.ts";
import { networkReader } from "./network.ts";
import { processesReader } from "./processes.ts";
import { amount, type Readers } from "./reader.ts";
import type { BatteryState, MemoryState } from "./snapshot.ts";

/** A program of the system that takes longer than a snapshot may is ended. */
const PROGRAM_LIMIT_MS = 1_000;

/**
 * Readers of this machine. Those of rates remember their last counts, so one set is made once, and
 * the same part is not read twice at the same time.
 *
 * @param memory - the memory of now, where somebody reads it anyway; undefined when it is not known
 */
export function machineReaders(
  memory: () => Promise<MachineMemory | undefined> = () =>
    readMachineMemory(thisMachine(PROGRAM_LIMIT_MS)),
): Readers {
  return {
    cpu: cpuReader(),
    memory: async () => memoryState(await memory()),
    disks: readDisks,
    network: networkReader(),
    processes: processesReader(),
    // A container shows the time of its host.
    uptime: async () => ({ seconds: uptime() }),
    battery: readBattery,
  };
}

/** The machine's memory, and the container's where one holds this process to less. */
function memoryState(memory: MachineMemory | undefined): MemoryState {
  if (!memory) throw new Error("memory could not be read for a while");
  const { usedBytes, capacityBytes } = need(memory.system);
  const container = valueOf(memory.container);
  const swap = valueOf(memory.swap);
  const pressure = memory.pressure && valueOf(memory.pressure);
  return {
    totalBytes: capacityBytes,
    usedBytes,
    ...(container && {
      container: { totalBytes: container.capacityBytes, usedBytes: container.usedBytes },
    }),
    ...(swap && { swap }),
    ...(pressure !== undefined && { pressure }),
  };
}

async function readBattery(): Promise<BatteryState | undefined> {
  const { hasBattery, percent, isCharging } = await battery();
  if (!hasBattery) return undefined;
  return { charge: Math.min(1, amount(percent) / 100), charging: isCharging };
}
