import type { Native, Pointer } from "./binding.ts";
import { OutputSkip, type Head } from "./head.ts";
import { loadModelFile } from "./load-model-file.ts";
import { NotProven } from "./not-proven.ts";

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

/** A model and its context in native memory, which whoever opened them must free. */
export interface OpenContext {
  readonly model: Pointer;
  readonly context: Pointer;
  readonly memory: Pointer;
  /** There when the context was opened with a head. */
  readonly skip: OutputSkip | undefined;
  /** Tokens that the model knows: the scores of a position. */
  readonly vocabulary: number;
  /** Most tokens and most wanted positions of one call. */
  readonly callTokens: number;
  readonly callReads: number;
  /** Weights and the context's state, in bytes. */
  readonly memoryBytes: number;
}

/** Tokens and sequences of one filling: each token looks at all of them, so more would be slower. */
export const SLICE = { tokens: 256, sequences: 64 } as const;

/** Tokens of one call, which nothing can stop: by the bytes of weights that each of them reads. */
const CALL = { most: 512, least: 32, weightBytes: 5e9 } as const;

/** Scores of the whole vocabulary are kept for each wanted position of a call. */
const LOGITS_BYTES = 16e6;

/** `LLAMA_POOLING_TYPE_NONE`. */
const POOLING_TYPE_NONE = 0;

/** Sizes of a context. */
export interface ContextShape {
  readonly vocabulary: number;
  /** Weights, in bytes. */
  readonly bytes: number;
  /** Most tokens of all sequences together. */
  readonly contextTokens: number;
  readonly callTokens: number;
  readonly callReads: number;
}

/** The sizes that fit a model; its weights need not be loaded. */
export function shapeOf(
  { c }: Native,
  model: Pointer,
  { root, maxTokens, head }: Pick<ContextOptions, "root" | "maxTokens" | "head">,
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
 * Loads a model once more; on the processor its pages are the same as node-llama-cpp's, which maps the
 * file too.
 *
 * @throws NotProven when it cannot be loaded or is of a kind that cannot be scored this way
 */
export function openContext(native: Native, options: ContextOptions): OpenContext {
  const { c } = native;
  const { address = null, layers = 0 } = options.onDevice ?? {};
  const model = loadModelFile(native, options.file, {
    devices: address === null ? [] : [address],
    layers: address === null ? 0 : layers,
  });
  if (model === null) throw new NotProven("it could not load the model");
  if (!isDecoder(native, model)) {
    c.llama_model_free(model);
    throw new NotProven("the model is not a plain decoder");
  }
  const { vocabulary, bytes, contextTokens, callTokens, callReads } = shapeOf(
    native,
    model,
    options,
  );
  const skip = options.head && new OutputSkip(native);
  const context = c.llama_init_from_model(model, {
    ...c.llama_context_default_params(),
    ...(skip && { embeddings: true, pooling_type: POOLING_TYPE_NONE, cb_eval: skip.callback }),
    n_ctx: contextTokens,
    n_batch: callTokens,
    n_ubatch: callTokens,
    n_seq_max: SLICE.sequences,
    n_outputs_max: callReads,
    n_threads: options.threads,
    n_threads_batch: options.threads,
    // Keys and values lie where their layers are. With `op_offload` every large multiplication would go
    // to a device, whatever the number of layers there.
    offload_kqv: address !== null,
    op_offload: false,
    // On the processor it rounds by how many tokens are evaluated together: to 1e-3 instead of 1e-6.
    flash_attn_type: 0,
    // Sequences that have tokens in common must have their memory in common.
    kv_unified: true,
  });
  if (context === null) {
    skip?.free();
    c.llama_model_free(model);
    throw new NotProven("it could not make a context");
  }
  return {
    model,
    context,
    memory: c.llama_get_memory(context),
    skip,
    vocabulary,
    callTokens,
    callReads,
    memoryBytes: bytes + Number(c.llama_state_get_size(context)),
  };
}

/** Others keep a state that cannot be taken back to an earlier token, or do not read in order. */
function isDecoder({ c }: Native, model: Pointer): boolean {
  return ![
    c.llama_model_has_encoder,
    c.llama_model_is_recurrent,
    c.llama_model_is_hybrid,
    c.llama_model_is_diffusion,
  ].some((is) => is(model));
}
