import { LIMITS } from "@headroom/alerts/limits";
import { adviseOn } from "@headroom/exporter/hardware/advice";
import { type HardwareFacts, known } from "@headroom/exporter/hardware/facts";
import { makePlan } from "@headroom/exporter/hardware/plan";
import { CHAT_MODELS } from "@headroom/exporter/models/catalogue";
import { LOOKED_FOR, TOOLS } from "../../tools/catalogue.ts";
import type { Examination } from "../examine.ts";

const facts: HardwareFacts = {
  platform: "linux",
  arch: "x64",
  brand: known("Some CPU"),
  usableCores: known(8),
  performanceCores: known(8),
  efficiencyCores: known(0),
  memoryBytes: known(16e9),
  availableMemoryBytes: known(12e9),
  memory: { system: { usedBytes: 4e9, capacityBytes: 16e9 } },
  container: "none",
  gpu: known(undefined),
  translated: false,
  inContainer: false,
};
const shape = { fileBytes: 98e6 };
const plan = makePlan(facts, shape);

/** A machine on which npm start can run; tests take something away from it. */
export const HEALTHY: Examination = {
  facts,
  plan,
  limits: LIMITS,
  advice: adviseOn(facts, { plan, model: shape }),
  runtime: {
    node: { version: "22.1.0", oldest: "20.20", newEnough: true },
    engine: { platform: "linux-x64", version: "3.22.1", release: "b1" },
  },
  disk: { folder: "/checkout", freeBytes: known(50e9), neededBytes: 300e6 },
  ceilings: [],
  programs: [...Object.values(TOOLS), ...Object.values(LOOKED_FOR)].map((program) => ({
    ...program,
    state: "here",
    file: `/usr/bin/${program.name}`,
    version: "9.1",
    rejected: [],
  })),
  models: {
    sentiment: { path: "/checkout/sentiment.gguf", sizeBytes: 348_000, configured: false },
    chat: { wanted: "auto", state: "here", id: "smollm2-135m", path: "/models/it.gguf", shape },
    folder: "/models",
    catalogue: CHAT_MODELS.map((entry) => ({ entry, here: "no" })),
  },
};

/** The same machine, with one program that has neither file nor version but what is given. */
export function withProgram(
  name: string,
  change: Partial<Examination["programs"][number]>,
): Examination {
  const programs = HEALTHY.programs.map(({ file, version, ...rest }) =>
    rest.name === name ? { ...rest, ...change } : { ...rest, file: file!, version: version! },
  );
  return { ...HEALTHY, programs };
}
