import { attempt, need, valueOf } from "../fact.ts";
import { keyValues, wholeNumber } from "../key-values.ts";
import { cgroupLevels } from "../linux/cgroup-levels.ts";
import { memoryAllowance } from "../linux/cgroup-memory.ts";
import type { HardwareSources } from "../sources.ts";
import type { ContainerMemory, MachineMemory } from "./machine-memory.ts";

const KIB = 1024;

/**
 * Memory of a Linux machine and of the control groups around this process. Used is all but
 * `MemAvailable`, the kernel's own estimate of what programs can have without swapping (proc(5)).
 */
export async function linuxMemory(sources: HardwareSources): Promise<MachineMemory> {
  const [meminfo, membership] = await Promise.all([
    attempt(async () => keyValues(await sources.readFile("/proc/meminfo"))),
    attempt(() => sources.readFile("/proc/self/cgroup")),
  ]);
  const bytes = (key: string): number => KIB * wholeNumber(need(meminfo), key);
  const system = await attempt(() => {
    const capacityBytes = bytes("MemTotal");
    return { usedBytes: capacityBytes - bytes("MemAvailable"), capacityBytes };
  });
  return {
    system,
    container: await attempt(() =>
      // Without control groups in the kernel the file is missing, and nothing is limited.
      containerMemory(valueOf(membership) ?? "", valueOf(system)?.capacityBytes, sources),
    ),
    swap: await attempt(() => {
      const totalBytes = bytes("SwapTotal");
      return { usedBytes: totalBytes - bytes("SwapFree"), totalBytes };
    }),
  };
}

/** A limit that is not below what the machine has limits nothing. */
async function containerMemory(
  membership: string,
  machineBytes = Infinity,
  sources: HardwareSources,
): Promise<ContainerMemory | undefined> {
  const levels = cgroupLevels(membership, "memory");
  if (!levels) return undefined;
  const { limitBytes, usedBytes, leftBytes } = await memoryAllowance(levels, sources);
  if (limitBytes >= machineBytes || limitBytes === Infinity) return undefined;
  return { usedBytes, capacityBytes: limitBytes, leftBytes, version: levels.version };
}
