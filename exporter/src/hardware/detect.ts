import { attempt, type HardwareFacts, known } from "./facts.ts";
import { nvidiaSmiName, withBinary } from "./gpu.ts";
import { detectLinux } from "./linux.ts";
import { detectMac } from "./mac.ts";
import { memoryFacts, readMachineMemory } from "./memory/machine-memory.ts";
import { type HardwareSources, thisMachine, withTimeLimit } from "./sources.ts";

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

/** Facts of Windows and others, from what Node itself knows. */
async function detectOther(sources: HardwareSources): Promise<HardwareFacts> {
  const { os } = sources;
  const [brand, gpu] = await Promise.all([
    attempt(() => {
      if (os.cpuModel === "") throw new Error("Node does not know the processor's name");
      return os.cpuModel;
    }),
    attempt(async () => {
      const name = await nvidiaSmiName(sources);
      // Vulkan is not looked for here: its loader is found through the registry of Windows.
      return name === undefined ? undefined : withBinary({ backend: "cuda", name }, sources);
    }),
  ]);
  return {
    platform: sources.platform,
    arch: sources.arch,
    brand,
    usableCores: known(os.parallelism),
    performanceCores: known(os.parallelism),
    efficiencyCores: known(0),
    ...(await memoryFacts(await readMachineMemory(sources))),
    container: "none",
    gpu,
    translated: false,
    inContainer: false,
  };
}
