import type { ModelShape } from "./plan.ts";

/** The values of a plan that cost memory. */
export interface MemoryChoice {
  readonly contextSize: number;
  readonly batchSize: number;
  readonly sequences: number;
  /** 0 when everything runs on the processor. */
  readonly gpuLayers: number;
  /** Whether those layers lie in memory that is the graphics processor's own, not the machine's. */
  readonly onOwnMemory?: boolean;
}

/** Estimated memory of the machine by use, in bytes. */
export interface PlanMemory {
  /** The file: mapped pages are not copied, but to answer quickly they must be in memory. */
  readonly weights: number;
  /** Keys and values of all sequences. */
  readonly kvCache: number;
  /** Scratch memory of one step, once for each device. */
  readonly computeBuffers: number;
  /** The process around the model. */
  readonly process: number;
  readonly total: number;
}

/** Keys and values are kept as 16-bit floats, the default of llama.cpp. */
const BYTES_PER_VALUE = 2;

/** Logits and activations are 32-bit floats. */
const BYTES_PER_ACTIVATION = 4;

/**
 * Activations of a token that are alive at once, as a multiple of the embedding. Measured with
 * node-llama-cpp 3.22.1 and SmolLM2-135M (vocabulary 49,152, embedding 576), llama.cpp reserves 49,
 * 103 and 197 MiB for batches of 256, 512 and 1024, which is the logits of every token and 2 to 6
 * embeddings; the rest is for models whose hidden layers are wider.
 */
const ACTIVATIONS = 16;

/** Node, the library and the tokenizer's tables: measured with the same model, 190 to 210 MB. */
const PROCESS_BYTES = 200e6;

/** Stand in for what is not known: Llama 3 8B, which is larger than most models run here. */
const LARGE = {
  kvBytesPerToken: 2 * 32 * 8 * 128 * BYTES_PER_VALUE,
  vocabulary: 128_256,
  embedding: 4096,
};

/**
 * Estimates what a model takes when it is run with the given values.
 *
 * The KV cache is `2 x layers x kvHeads x headSize x 2 bytes x context x sequences`, and a compute
 * buffer `batch x 4 bytes x (vocabulary + 16 x embedding)`. Where the heads are not known, they are
 * taken to fill the embedding, which is their upper bound.
 */
export function planMemory(model: ModelShape, choice: MemoryChoice): PlanMemory {
  const devices = choice.gpuLayers === 0 || choice.onOwnMemory ? 1 : 2;
  const here = choice.onOwnMemory ? 1 - shareOnDevice(model, choice.gpuLayers) : 1;
  const weights = here * model.fileBytes;
  const kvCache = here * kvBytesPerToken(model) * choice.contextSize * choice.sequences;
  const activations =
    (model.vocabularySize ?? LARGE.vocabulary) +
    ACTIVATIONS * (model.embeddingSize ?? LARGE.embedding);
  const computeBuffers = devices * choice.batchSize * BYTES_PER_ACTIVATION * activations;
  return {
    weights,
    kvCache,
    computeBuffers,
    process: PROCESS_BYTES,
    total: weights + kvCache + computeBuffers + PROCESS_BYTES,
  };
}

/** Part of a model that is on the graphics processor; with unknown layers none, but for all of them. */
function shareOnDevice({ layers }: ModelShape, gpuLayers: number): number {
  if (gpuLayers === -1) return 1;
  // The output layer comes after the model's own.
  return layers === undefined ? 0 : Math.min(1, gpuLayers / (layers + 1));
}

function kvBytesPerToken({ layers, kvHeads, headSize, embeddingSize }: ModelShape): number {
  const width =
    kvHeads !== undefined && headSize !== undefined ? kvHeads * headSize : embeddingSize;
  if (layers === undefined || width === undefined) return LARGE.kvBytesPerToken;
  return 2 * layers * width * BYTES_PER_VALUE;
}
