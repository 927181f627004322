import { HeadroomError } from "../../../errors.ts";
import type { Native, Pointer } from "./binding.ts";
import { OutputSkip, scoreOf, type Head } from "./head.ts";
import {
  loadModelFile,
  shapeOf,
  SLICE,
  type ContextOptions,
  type ContextShape,
} from "./model-file.ts";
import { NotProven } from "./prove.ts";
import { NativeRows, type Rows } from "./rows.ts";
import type { SliceLimits } from "./slices.ts";
import { NativeText } from "./text.ts";

/** `LLAMA_POOLING_TYPE_NONE`. */
const POOLING_TYPE_NONE = 0;

/**
 * A model in a context of llama.cpp, and the one place that owns their native memory: all of it is
 * taken once, used again for each slice, and freed by `close`.
 */
export class Context {
  readonly limits: SliceLimits;
  /** Weights and the context's state. */
  readonly memoryBytes: number;
  readonly #native: Native;
  readonly #options: ContextOptions;
  readonly #shape: ContextShape;
  readonly #model: Pointer;
  readonly #context: Pointer;
  readonly #memory: Pointer;
  readonly #skip: OutputSkip | undefined;
  readonly #rows: NativeRows;
  readonly #text: NativeText;
  #given: { readonly address: Pointer; readonly values: Float32Array } | undefined;
  #rooted = false;

  /**
   * Loads a model once more; on the processor its pages are the same as node-llama-cpp's, which maps the
   * file too.
   *
   * @throws NotProven when it cannot be loaded or is of a kind that cannot be scored this way
   */
  constructor(native: Native, options: ContextOptions) {
    const { c } = native;
    this.#native = native;
    this.#options = options;
    this.limits = { ...SLICE, root: options.root.length };
    this.#model = loadModelFile(native, options.file, options.onDevice);
    if (!isDecoder(native, this.#model)) {
      c.llama_model_free(this.#model);
      throw new NotProven("the model is not a plain decoder");
    }
    this.#shape = shapeOf(native, this.#model, options);
    this.#skip = options.head && new OutputSkip(native);
    this.#context = this.#open();
    this.#memory = c.llama_get_memory(this.#context);
    this.memoryBytes = this.#shape.bytes + Number(c.llama_state_get_size(this.#context));
    const length = Math.max(SLICE.tokens, options.maxTokens);
    this.#rows = new NativeRows(native, length, SLICE.sequences);
    this.#text = new NativeText(native, c.llama_model_get_vocab(this.#model));
  }

  #open(): Pointer {
    const { c } = this.#native;
    const { threads, onDevice } = this.#options;
    const { contextTokens, callTokens, callReads } = this.#shape;
    const skip = this.#skip;
    const context = c.llama_init_from_model(this.#model, {
      ...c.llama_context_default_params(),
      ...(skip && { embeddings: true, pooling_type: POOLING_TYPE_NONE, cb_eval: skip.callback }),
      n_ctx: contextTokens,
      n_batch: callTokens,
      n_ubatch: callTokens,
      n_seq_max: SLICE.sequences,
      n_outputs_max: callReads,
      n_threads: threads,
      n_threads_batch: threads,
      // Keys and values lie where their layers are. With `op_offload` every large multiplication would go
      // to a device, whatever the number of layers there.
      offload_kqv: (onDevice?.address ?? null) !== null,
      op_offload: false,
      // On the processor it rounds by how many tokens are evaluated together: to 1e-3 instead of 1e-6.
      flash_attn_type: 0,
      // Sequences that have tokens in common must have their memory in common.
      kv_unified: true,
    });
    if (context !== null) return context;
    skip?.free();
    c.llama_model_free(this.#model);
    throw new NotProven("it could not make a context");
  }

  /** To be filled for `run`. */
  get rows(): Rows {
    return this.#rows.rows;
  }

  /** The tokens of a text, without any that mark its begin or end. */
  tokenize(text: string): readonly number[] {
    return this.#text.tokenize(text);
  }

  /** Evaluates the root, which every sequence keeps; nothing may wait in the rows then. */
  prepare(): void {
    if (this.#rooted) return;
    this.#native.c.llama_memory_clear(this.#memory, false);
    const { root } = this.#options;
    const { callTokens } = this.#shape;
    root.forEach((token, i) => {
      this.rows.token[i] = token;
      this.rows.position[i] = i;
      this.rows.sequence[i] = 0;
      this.rows.sequences[i] = SLICE.sequences;
      this.rows.wanted[i] = 0;
    });
    for (let from = 0; from < root.length; from += callTokens) {
      this.#decode(from, Math.min(root.length, from + callTokens));
    }
    this.#rooted = true;
  }

  /**
   * Evaluates the first `length` rows as sequences that go on after the root.
   *
   * @param throwIfCancelled - asked before each call
   * @returns the score at each wanted row, in nats
   * @throws what `throwIfCancelled` throws
   */
  async run(length: number, throwIfCancelled: () => void): Promise<readonly number[]> {
    const { callTokens, callReads } = this.#shape;
    const { wanted } = this.rows;
    const scores: number[] = [];
    this.#takeBackToRoot();
    for (let from = 0; from < length;) {
      // This thread hears of a cancellation only between calls.
      await new Promise((resolve) => setImmediate(resolve));
      throwIfCancelled();
      let to = from;
      let reads = 0;
      while (to < length && to - from < callTokens && reads + wanted[to]! <= callReads) {
        reads += wanted[to++]!;
      }
      this.#decode(from, to);
      const { head } = this.#options;
      if (head) this.#scoreBy(head, from, to, scores);
      else if (reads > 0) this.#score(reads, scores);
      from = to;
    }
    return scores;
  }

  /** Frees everything; nothing of it may be used after. */
  close(): void {
    this.#given = undefined;
    this.#native.c.llama_free(this.#context);
    this.#skip?.free();
    this.#native.c.llama_model_free(this.#model);
    this.#rows.free();
    this.#text.free();
  }

  #takeBackToRoot(): void {
    const { c } = this.#native;
    const from = this.limits.root;
    if (from === 0) c.llama_memory_clear(this.#memory, false);
    else if (!c.llama_memory_seq_rm(this.#memory, -1, from, -1)) this.#fail("it keeps tokens");
  }

  #decode(from: number, to: number): void {
    const result = this.#native.c.llama_decode(this.#context, this.#rows.batch(from, to));
    // Taken after each call, or a failed one would be counted with the next.
    const skipped = this.#skip?.take();
    if (result !== 0) this.#fail(`llama_decode returned ${result}`);
    if (skipped === false) this.#fail("it did not end before the output matrix");
  }

  #scoreBy(head: Head, from: number, to: number, scores: number[]): void {
    const width = head.positive.length;
    const address = this.#native.c.llama_get_embeddings(this.#context);
    const results = this.#viewed(address, width * (to - from));
    for (let row = from; row < to; row++) {
      if (this.rows.wanted[row] === 1) scores.push(scoreOf(head, results, width * (row - from)));
    }
  }

  #score(reads: number, scores: number[]): void {
    const { positive, negative } = this.#options;
    const { vocabulary } = this.#shape;
    const address = this.#native.c.llama_get_logits(this.#context);
    const values = this.#viewed(address, reads * vocabulary);
    for (let row = 0; row < reads * vocabulary; row += vocabulary) {
      scores.push(values[row + positive]! - values[row + negative]!);
    }
  }

  /** llama.cpp moves what it gives only when it needs more room, so the view is kept. */
  #viewed(address: Pointer, length: number): Float32Array {
    if (this.#given?.address !== address || this.#given.values.length < length) {
      this.#given = { address, values: new Float32Array(this.#native.view(address, 4 * length)) };
    }
    return this.#given.values;
  }

  #fail(why: string): never {
    this.#rooted = false;
    throw new HeadroomError("model_failed", `llama.cpp could not evaluate a batch: ${why}.`);
  }
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
