import { HeadroomError } from "../../../errors.ts";
import type { Native, Pointer } from "./binding.ts";
import { scoreOf, type Head } from "./head.ts";
import { NativeRows } from "./native-rows.ts";
import { NativeText } from "./native-text.ts";
import { openContext, SLICE, type ContextOptions, type OpenContext } from "./open-context.ts";
import type { Rows } from "./rows.ts";
import type { SliceLimits } from "./slices.ts";

/**
 * A model in a context of llama.cpp, and the one place that owns their native memory: all of it is
 * taken once, used again for each slice, and freed by `close`.
 */
export class Context {
  readonly limits: SliceLimits;
  readonly memoryBytes: number;
  readonly #native: Native;
  readonly #options: ContextOptions;
  readonly #open: OpenContext;
  readonly #rows: NativeRows;
  readonly #text: NativeText;
  #given: { readonly address: Pointer; readonly values: Float32Array } | undefined;
  #rooted = false;

  /** @throws NotProven as {@link openContext} does */
  constructor(native: Native, options: ContextOptions) {
    this.#native = native;
    this.#options = options;
    this.limits = { ...SLICE, root: options.root.length };
    this.#open = openContext(native, options);
    this.memoryBytes = this.#open.memoryBytes;
    const length = Math.max(SLICE.tokens, options.maxTokens);
    this.#rows = new NativeRows(native, length, SLICE.sequences);
    this.#text = new NativeText(native, native.c.llama_model_get_vocab(this.#open.model));
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
    this.#native.c.llama_memory_clear(this.#open.memory, false);
    const { root } = this.#options;
    root.forEach((token, i) => {
      this.rows.token[i] = token;
      this.rows.position[i] = i;
      this.rows.sequence[i] = 0;
      this.rows.sequences[i] = SLICE.sequences;
      this.rows.wanted[i] = 0;
    });
    for (let from = 0; from < root.length; from += this.#open.callTokens) {
      this.#decode(from, Math.min(root.length, from + this.#open.callTokens));
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
    const { callTokens, callReads } = this.#open;
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
    this.#native.c.llama_free(this.#open.context);
    this.#open.skip?.free();
    this.#native.c.llama_model_free(this.#open.model);
    this.#rows.free();
    this.#text.free();
  }

  #takeBackToRoot(): void {
    const { c } = this.#native;
    const from = this.limits.root;
    if (from === 0) c.llama_memory_clear(this.#open.memory, false);
    else if (!c.llama_memory_seq_rm(this.#open.memory, -1, from, -1)) this.#fail("it keeps tokens");
  }

  #decode(from: number, to: number): void {
    const { context, skip } = this.#open;
    const result = this.#native.c.llama_decode(context, this.#rows.batch(from, to));
    // Taken after each call, or a failed one would be counted with the next.
    const skipped = skip?.take();
    if (result !== 0) this.#fail(`llama_decode returned ${result}`);
    if (skipped === false) this.#fail("it did not end before the output matrix");
  }

  #scoreBy(head: Head, from: number, to: number, scores: number[]): void {
    const width = head.positive.length;
    const address = this.#native.c.llama_get_embeddings(this.#open.context);
    const results = this.#viewed(address, width * (to - from));
    for (let row = from; row < to; row++) {
      if (this.rows.wanted[row] === 1) scores.push(scoreOf(head, results, width * (row - from)));
    }
  }

  #score(reads: number, scores: number[]): void {
    const { positive, negative } = this.#options;
    const { vocabulary } = this.#open;
    const address = this.#native.c.llama_get_logits(this.#open.context);
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
