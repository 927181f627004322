import type { MachineRule } from "./advice.ts";
import { gigabytes, type HardwareFacts, valueOf } from "./facts.ts";

/** From this share of the host downwards a container's limit is worth a word. */
const FAR_BELOW_HOST = 0.5;

/** With fewer processors the load, the event loop and the model stand in each other's way. */
const FEW_CORES = 4;

const rosetta: MachineRule = ({ facts }) =>
  facts.translated
    ? {
        code: "rosetta_translation",
        severity: "warning",
        what: "Install the arm64 build of Node and run Headroom with it.",
        why: "This Node was built for Intel and is translated by Rosetta on an Apple chip.",
        effect: "The processor runs native code, and the model can use Metal.",
      }
    : undefined;

/** A virtual machine on a Mac shows the processor's maker as Apple or hides it. */
const metalInContainer: MachineRule = ({ facts }) => {
  const arm = facts.platform === "linux" && facts.arch === "arm64";
  if (!arm || !facts.inContainer || valueOf(facts.gpu) !== undefined) return undefined;
  const brand = valueOf(facts.brand);
  if (brand !== undefined && !brand.startsWith("Apple")) return undefined;
  return {
    code: "metal_unavailable_in_container",
    severity: "warning",
    what: "If this is Docker on a Mac, run the exporter on the Mac itself.",
    why: `A Linux container on arm64 whose processor is ${brand ?? "hidden"}: probably a Mac, where containers cannot use Metal.`,
    effect: "The model can use the graphics processor.",
  };
};

const gpuSupport: MachineRule = ({ facts }) => {
  const gpu = valueOf(facts.gpu);
  // Binaries with their support are built for x64 only.
  if (gpu?.binary !== "missing" || facts.arch !== "x64") return undefined;
  return {
    code: "gpu_without_support",
    severity: "info",
    what: `Start once with HEADROOM_GPU=${gpu.backend} npm start.`,
    why: `There is ${gpu.name}, but the plain installation has only the binary for the processor.`,
    effect: `The binary with ${gpu.backend} support is added (some 600 MB), and answers get faster.`,
  };
};

const fewCores: MachineRule = ({ facts }) => {
  const cores = valueOf(facts.usableCores);
  if (cores === undefined || cores >= FEW_CORES) return undefined;
  return {
    code: "few_cores",
    severity: cores < 2 ? "warning" : "info",
    what: "Give the machine or the container more processors.",
    why: `${cores} can be used, by everything together.`,
    effect: "More answers a second, and steadier latency.",
  };
};

const containerMemory: MachineRule = ({ facts }) => {
  const [memory, host] = [valueOf(facts.memoryBytes), facts.hostMemoryBytes];
  if (memory === undefined || host === undefined || memory > FAR_BELOW_HOST * host) {
    return undefined;
  }
  return {
    code: "container_memory_limit",
    severity: "info",
    what: "Raise the container's memory limit if the host can spare it.",
    why: `It is ${gigabytes(memory)}, and the host has ${gigabytes(host)}.`,
    effect: "A larger context, more requests side by side, or a larger model.",
  };
};

const containerCpu: MachineRule = ({ facts }) => {
  const [cores, host] = [valueOf(facts.usableCores), facts.hostCores];
  if (cores === undefined || host === undefined || cores > FAR_BELOW_HOST * host) return undefined;
  return {
    code: "container_cpu_limit",
    severity: "info",
    what: "Raise the container's processor limit if the host can spare it.",
    why: `It is ${cores}, and the host has ${host} processors.`,
    effect: "More threads for the model, and fewer pauses when the quota is used up.",
  };
};

const unknownFacts: MachineRule = ({ facts }) => {
  const unknown = Object.entries(facts as HardwareFacts & Record<string, unknown>).flatMap(
    ([name, fact]) => (isUnknown(fact) ? [`${name} (${fact.reason})`] : []),
  );
  if (unknown.length === 0) return undefined;
  return {
    code: "unknown_facts",
    severity: "info",
    what: "Set the plan's values by configuration where the defaults do not suit.",
    why: `Not known: ${unknown.join("; ")}.`,
    effect: "The plan no longer rests on the most careful guess.",
  };
};

function isUnknown(fact: unknown): fact is { known: false; reason: string } {
  return typeof fact === "object" && fact !== null && "known" in fact && fact.known === false;
}

/** Rules about the machine and about how the process runs on it. */
export const MACHINE_RULES: readonly MachineRule[] = [rosetta, fewCores, containerCpu];

/** Rules about the machine that only matter to a chat model. */
export const FOR_A_MODEL_RULES: readonly MachineRule[] = [
  metalInContainer,
  gpuSupport,
  containerMemory,
  unknownFacts,
];
