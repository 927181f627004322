import type { MemoryUse } from "./machine-memory.ts";

/**
 * Of what several processes read of their devices, that which is nearest to its capacity. They are not
 * added: a driver tells each process what all of them use.
 */
export function fullest(devices: readonly (MemoryUse | undefined)[]): MemoryUse | undefined {
  const share = ({ usedBytes, capacityBytes }: MemoryUse) => usedBytes / capacityBytes;
  return devices
    .filter((device) => device !== undefined)
    .toSorted((a, b) => share(b) - share(a))[0];
}
