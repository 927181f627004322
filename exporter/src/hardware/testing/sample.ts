import { type HardwareFacts, known } from "../facts.ts";
import type { ModelShape } from "../plan.ts";

/** Facts of a Mac with eight performance cores and 16 GiB, of which half is free. */
export const SAMPLE_FACTS: HardwareFacts = {
  platform: "darwin",
  arch: "arm64",
  brand: known("Apple M1 Pro"),
  appleChip: { generation: 1, tier: "Pro" },
  usableCores: known(10),
  performanceCores: known(8),
  efficiencyCores: known(2),
  memoryBytes: known(2 ** 34),
  availableMemoryBytes: known(2 ** 33),
  memory: { system: { usedBytes: 2 ** 33, capacityBytes: 2 ** 34 } },
  container: "none",
  gpu: known({ backend: "metal", name: "Apple M1 Pro" }),
  translated: false,
  inContainer: false,
};

/** The same facts without a graphics processor. */
export const WITHOUT_GPU: HardwareFacts = { ...SAMPLE_FACTS, gpu: known(undefined) };

/** The shape of SmolLM2-135M-Instruct in Q4_1, as its GGUF file tells it. */
export const SMALL_MODEL: ModelShape = {
  fileBytes: 98_362_432,
  layers: 30,
  trainContextSize: 8192,
  embeddingSize: 576,
  kvHeads: 3,
  headSize: 64,
  vocabularySize: 49_152,
  bitsPerWeight: 5,
};

/** The shape of Llama 3 8B in a four-bit quantisation of 4.9 GB. */
export const LARGE_MODEL: ModelShape = {
  fileBytes: 4.9e9,
  layers: 32,
  trainContextSize: 8192,
  embeddingSize: 4096,
  kvHeads: 8,
  headSize: 128,
  vocabularySize: 128_256,
  bitsPerWeight: 4.9,
};
