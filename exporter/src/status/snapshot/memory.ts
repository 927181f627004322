import { mem } from "systeminformation";
import type { MemoryState } from "./snapshot.ts";
import { amount } from "./reader.ts";

/**
 * Reads memory and swap of the machine. Inside a container these are the host's figures, not the
 * container's limit; what the container may use is in the hardware facts.
 *
 * Used is what systeminformation calls active: on Linux all that is not `MemAvailable`, on macOS
 * anonymous, wired and compressed pages. Its own `used` also contains the caches.
 *
 * @throws Error when the system tells no size
 */
export async function readMemory(): Promise<MemoryState> {
  const read = await mem();
  const totalBytes = amount(read.total);
  if (totalBytes === 0) throw new Error("the system tells no memory size");
  const swapTotalBytes = amount(read.swaptotal);
  return {
    totalBytes,
    usedBytes: Math.min(totalBytes, amount(read.active)),
    availableBytes: Math.min(totalBytes, amount(read.available)),
    swapTotalBytes,
    swapUsedBytes: Math.min(swapTotalBytes, amount(read.swapused)),
  };
}
