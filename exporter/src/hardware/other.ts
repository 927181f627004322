import { attempt, known } from "./fact.ts";
import type { HardwareFacts } from "./facts.ts";
import { withBinary } from "./gpu-binary.ts";
import { memoryFacts, readMachineMemory } from "./memory/machine-memory.ts";
import { nvidiaSmiName } from "./nvidia.ts";
import type { HardwareSources } from "./sources.ts";

/** Facts of Windows and others, from what Node itself knows. */
export async function detectOther(sources: HardwareSources): Promise<HardwareFacts> {
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
