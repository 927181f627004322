import { isMapped } from "../model-files.ts";
import type { Native, Pointer } from "./binding.ts";
import type { Head } from "./head.ts";
import { outputBytes, type ModelSize } from "./placement.ts";
import { NotProven } from "./prove.ts";

/** What a context is opened for. */
export interface ContextOptions {
  readonly file: string;
  readonly threads: number;
  /** The tokens before every message; evaluated once. */
  readonly root: readonly number[];
  readonly positive: number;
  readonly negative: number;
  /** The longest sequence, root included, in tokens. */
  readonly maxTokens: number;
  /** With it only the labels' logits are made, not those of the whole vocabulary. */
  readonly head?: Head | undefined;
  /** Where layers go; without it all of them stay on the processor. */
  readonly onDevice?: OnDevice | undefined;
}

/** Some layers on a device. */
export interface OnDevice {
  /** `ggml_backend_dev_t`; none when the processor plays a device, as in tests. */
  readonly address: Pointer;
  /** As llama.cpp counts them: the output is one, and the first. */
  readonly layers: number;
}

/** Tokens and sequences of one filling: each token looks at all of them, so more would be slower. */
export const SLICE = { tokens: 256, sequences: 64 } as const;

/** Tokens of one call, which nothing can stop: by the bytes of weights that each of them reads. */
const CALL = { most: 512, least: 32, weightBytes: 5e9 } as const;

/** Scores of the whole vocabulary are kept for each wanted position of a call. */
const LOGITS_BYTES = 16e6;

/** `LLAMA_LOAD_MODE_NONE`: read, and not mapped. */
const LOAD_MODE_NONE = 0;

/** Keys and values are kept in 16 bits, intermediate results in 32. */
const BYTES = { kept: 2, intermediate: 4 } as const;

/** Intermediate results as wide as the model that live at the same time, feed-forward included. */
const WIDE_RESULTS = 16;

/**
 * Loads a model from its file. The list of devices is always given: without one llama.cpp takes every
 * device that it finds, even for no layers at all, as on a Mac, where Metal lies beside the processor's
 * kernels.
 *
 * @param sizesOnly - without the weights' numbers
 * @throws NotProven when it cannot be loaded
 */
export function loadModelFile(
  { c, allocate, free }: Native,
  file: string,
  { address, layers }: OnDevice = { address: null, layers: 0 },
  sizesOnly = false,
): Pointer {
  const devices = address === null ? [] : [address];
  const list = allocate(BigUint64Array.BYTES_PER_ELEMENT * (devices.length + 1));
  new BigUint64Array(list.bytes).set([...devices, 0n]);
  try {
    const model = c.llama_model_load_from_file(file, {
      ...c.llama_model_default_params(),
      devices: list.address,
      n_gpu_layers: address === null ? 0 : layers,
      // Only what is read, not mapped, can be left out.
      ...((sizesOnly || !isMapped(file)) && { load_mode: LOAD_MODE_NONE }),
      ...(sizesOnly && { no_alloc: true }),
    });
    if (model === null) throw new NotProven("it could not load the model");
    return model;
  } finally {
    free(list.address);
  }
}

/** Sizes of a context. */
export interface ContextShape {
  /** Tokens that the model knows: the scores of a position. */
  readonly vocabulary: number;
  /** Weights, in bytes. */
  readonly bytes: number;
  /** Most tokens of all sequences together. */
  readonly contextTokens: number;
  /** Most tokens and most wanted positions of one call. */
  readonly callTokens: number;
  readonly callReads: number;
}

/** The sizes that fit a model; its weights need not be loaded. */
export function shapeOf(
  { c }: Native,
  model: Pointer,
  { root, maxTokens, head }: ContextOptions,
): ContextShape {
  const vocabulary = c.llama_vocab_n_tokens(c.llama_model_get_vocab(model));
  const bytes = Number(c.llama_model_size(model));
  // llama.cpp keeps room for a position of each sequence at least.
  const callReads = Math.max(SLICE.sequences, Math.floor(LOGITS_BYTES / (4 * vocabulary)));
  const most = Math.min(CALL.most, Math.max(CALL.least, CALL.weightBytes / bytes));
  return {
    vocabulary,
    bytes,
    contextTokens: root.length + Math.max(SLICE.tokens, maxTokens),
    // It keeps room for logits that are not made too, and a context for embeddings reads every token.
    callTokens: Math.round(head ? Math.min(most, callReads) : most),
    callReads,
  };
}

/**
 * Measures what a model takes in a context, without loading its weights.
 *
 * Keys and values count as if every head had its own, and intermediate results as if none took the
 * place of another, so that it is more than llama.cpp takes.
 *
 * @throws NotProven when the file cannot be read
 */
export function measureModel(native: Native, options: ContextOptions): ModelSize {
  const { c } = native;
  const model = loadModelFile(native, options.file, undefined, true);
  try {
    const { vocabulary, bytes, contextTokens, callTokens } = shapeOf(native, model, options);
    const parameters = Number(c.llama_model_n_params(model));
    const layers = c.llama_model_n_layer(model);
    const width = c.llama_model_n_embd(model);
    // Without flash attention each token has a weight for every other one.
    const attention = c.llama_model_n_head(model) * contextTokens;
    return {
      bytes,
      layers,
      outputBytes: outputBytes({ bytes, parameters, vocabulary, width }),
      contextBytes: 2 * BYTES.kept * contextTokens * width * layers,
      scratchBytes:
        BYTES.intermediate * callTokens * (vocabulary + WIDE_RESULTS * width + 2 * attention),
    };
  } finally {
    c.llama_model_free(model);
  }
}
