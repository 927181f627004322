import { need, valueOf } from "../../hardware/facts.ts";
import type { MachineMemory } from "../../hardware/memory/machine-memory.ts";
import type { MemoryState } from "./snapshot.ts";

/**
 * Memory as a snapshot has it: the machine's, and the container's where one holds this process to
 * less. See `hardware/memory/`, where it is read.
 *
 * @throws Error when the memory of the machine is not known
 */
export function memoryState(memory: MachineMemory | undefined): MemoryState {
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
