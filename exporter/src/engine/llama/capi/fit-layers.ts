/** What a model takes, in bytes. */
export interface ModelSize {
  /** All weights: `llama_model_size`. */
  readonly bytes: number;
  /** Layers that repeat: `llama_model_n_layer`. */
  readonly layers: number;
  /** The weights that turn the last layer's result into scores; see {@link outputBytes}. */
  readonly outputBytes: number;
  /** Keys and values of all layers; each lies where its layer is. */
  readonly contextBytes: number;
  /** What a call needs beside, whatever the number of layers. */
  readonly scratchBytes: number;
}

/** Layers on a device, as llama.cpp counts them: the output is one, and the first to go there. */
export interface Fit {
  /** From 0 to the model's layers and the output. */
  readonly layers: number;
  /** What they take of the device's memory, at most. */
  readonly bytes: number;
}

/**
 * Part of the free memory that is left for others, and for what the driver itself takes; the size of
 * a layer is a mean besides.
 */
const RESERVE = { share: 0.1, bytes: 256e6 } as const;

/** Quantised models keep the output in more bits: 6.6 beside 4.5 in Q4_K_M. */
const OUTPUT_BITS = 1.5;

/** How many layers of a model fit into a device's free memory; as many as possible. */
export function fitLayers(model: ModelSize, freeBytes: number): Fit {
  const usable = freeBytes - Math.max(RESERVE.share * freeBytes, RESERVE.bytes);
  for (let layers = model.layers + 1; layers > 0; layers--) {
    const bytes = bytesOnDevice(model, layers);
    if (bytes <= usable) return { layers, bytes };
  }
  return { layers: 0, bytes: 0 };
}

/**
 * Memory of a device for some layers of a model, at most. A repeating layer counts as its share of all
 * weights, which is more than it has, since the words' vectors, which stay with the processor, are in it.
 *
 * @param layers - as llama.cpp counts them: 1 is the output alone
 */
export function bytesOnDevice(model: ModelSize, layers: number): number {
  if (layers === 0) return 0;
  const repeating = layers - 1;
  const share = model.layers === 0 ? 0 : repeating / model.layers;
  const weights = Math.min(model.bytes, model.outputBytes + share * model.bytes);
  return Math.ceil(weights + share * model.contextBytes + model.scratchBytes);
}

/**
 * Estimates the weights of the output, which is a row of the model's width for each token it knows.
 *
 * @param model - its weights in bytes and in number, and the size of that matrix
 */
export function outputBytes(model: {
  readonly bytes: number;
  readonly parameters: number;
  readonly vocabulary: number;
  readonly width: number;
}): number {
  const share = (model.vocabulary * model.width) / model.parameters;
  return Math.min(model.bytes, Math.ceil(OUTPUT_BITS * share * model.bytes));
}
