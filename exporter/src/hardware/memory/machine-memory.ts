import { attempt, known, need } from "../fact.ts";
import type { Fact, HardwareFacts } from "../facts.ts";
import type { HardwareSources } from "../sources.ts";
import { linuxMemory } from "./linux-memory.ts";
import { macMemory } from "./mac-memory.ts";

/** Memory in use, without what the system gives back on demand, and what there is; in bytes. */
export interface MemoryUse {
  readonly usedBytes: number;
  readonly capacityBytes: number;
}

/** Memory of the control group with the smallest limit. */
export interface ContainerMemory extends MemoryUse {
  readonly version: "cgroup1" | "cgroup2";
  /** What is left below the limit that is reached first, which may be that of a parent. */
  readonly leftBytes: number;
}

/** Swap in bytes. */
export interface SwapUse {
  readonly usedBytes: number;
  /** Absent where the system makes swap as it needs it, as macOS does: a share would mean nothing. */
  readonly totalBytes?: number;
}

/** How short of memory the kernel of macOS calls itself: 1 normal, 2 warning, 4 critical. */
export type PressureLevel = 1 | 2 | 4;

/** Memory of the machine that this process runs on, and of what it is held to. */
export interface MachineMemory {
  /** The whole machine; that of the host in a container. */
  readonly system: Fact<MemoryUse>;
  /** `value: undefined` where no limit is below what the machine has. */
  readonly container: Fact<ContainerMemory | undefined>;
  readonly swap: Fact<SwapUse>;
  /** Present on macOS only. */
  readonly pressure?: Fact<PressureLevel>;
}

/**
 * Reads the memory of the machine; what cannot be read is a fact that is not known. The one place
 * where it is read: metrics, limits, findings, plan, advice and doctor all go by this.
 */
export function readMachineMemory(sources: HardwareSources): Promise<MachineMemory> {
  if (sources.platform === "linux") return linuxMemory(sources);
  if (sources.platform === "darwin") return macMemory(sources);
  return otherMemory(sources);
}

/** What Node knows; its free memory counts what can be reclaimed on Windows. */
async function otherMemory({ os, platform }: HardwareSources): Promise<MachineMemory> {
  const capacityBytes = os.totalMemoryBytes;
  return {
    system: known({ usedBytes: capacityBytes - os.freeMemoryBytes, capacityBytes }),
    container: known(undefined),
    swap: { known: false, reason: `not read on ${platform}` },
  };
}

/** The memory that one process may use: the smaller of machine and container. */
export function ceiling({ system, container }: MachineMemory): number {
  return Math.min(need(system).capacityBytes, need(container)?.capacityBytes ?? Infinity);
}

/** What detection says of memory: what this process may use, and what of it is free. */
export async function memoryFacts(
  memory: MachineMemory,
): Promise<
  Pick<HardwareFacts, "memory" | "memoryBytes" | "availableMemoryBytes" | "hostMemoryBytes">
> {
  const { system, container } = memory;
  const limited = container.known && container.value !== undefined && system.known;
  return {
    memory: {
      ...(system.known && { system: system.value }),
      ...(container.known && container.value && { container: container.value }),
    },
    memoryBytes: await attempt(() => ceiling(memory)),
    availableMemoryBytes: await attempt(() => {
      const { usedBytes, capacityBytes } = need(system);
      return Math.min(capacityBytes - usedBytes, need(container)?.leftBytes ?? Infinity);
    }),
    ...(limited && { hostMemoryBytes: system.value.capacityBytes }),
  };
}
