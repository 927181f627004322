import type { HardwareFacts } from "./facts.ts";
import { detectLinux } from "./linux/linux.ts";
import { detectMac } from "./mac/mac.ts";
import { detectOther } from "./other.ts";
import type { HardwareSources } from "./sources.ts";
import { thisMachine } from "./this-machine.ts";
import { withTimeLimit } from "./time-limit.ts";

/** Long enough for the first call of nvidia-smi, which wakes the driver. */
const READING_LIMIT_MS = 5_000;

/**
 * Finds out what the machine has and what this process may use of it. Never rejects: a reading that
 * fails or is late becomes a fact that is not known, with the reason.
 *
 * Call it before a model is loaded, so that the free memory is the memory that the model can have.
 *
 * @param sources - where to read; the machine itself when left out
 * @param readingLimitMs - milliseconds that one reading may take
 */
export async function detectHardware(
  sources: HardwareSources = thisMachine(READING_LIMIT_MS),
  readingLimitMs: number = READING_LIMIT_MS,
): Promise<HardwareFacts> {
  const limited = withTimeLimit(sources, readingLimitMs);
  if (sources.platform === "darwin") return detectMac(limited);
  if (sources.platform === "linux") return detectLinux(limited);
  return detectOther(limited);
}
