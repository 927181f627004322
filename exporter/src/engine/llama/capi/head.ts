import type { Native, Pointer } from "./binding.ts";

/** The labels' rows of a model's output matrix. */
export interface Head {
  readonly positive: Float32Array;
  readonly negative: Float32Array;
}

/** The score of a result of the last layer, in nats: the difference of the labels' logits. */
export function scoreOf({ positive, negative }: Head, results: Float32Array, at: number): number {
  let score = 0;
  for (let i = 0; i < positive.length; i++) {
    score += (positive[i]! - negative[i]!) * results[at + i]!;
  }
  return score;
}

/**
 * What llama.cpp calls the result of the last layer in a context for embeddings. The output matrix comes
 * after it and makes a logit of it for every token of the vocabulary, of which two are wanted: in a small
 * model that is most of the work.
 */
const LAST_RESULT = "result_embd_pooled";

/** Ends each evaluation of a context before the output matrix. */
export class OutputSkip {
  /** `llama_context_params.cb_eval`. */
  readonly callback: Pointer;
  readonly #native: Native;
  #asked = 0;
  /** Steps come in the same order each time, so the name is looked for only once. */
  #step: number | undefined;
  #skipped = false;

  constructor(native: Native) {
    this.#native = native;
    // Called on the thread that evaluates, which is this one.
    this.callback = native.evalCallback((tensor, ask) => (ask ? this.#wants(tensor) : this.#end()));
  }

  /** Whether the evaluation that was just done ended there. */
  take(): boolean {
    const skipped = this.#skipped;
    this.#asked = 0;
    this.#skipped = false;
    return skipped;
  }

  /** To be called when the context is gone. */
  free(): void {
    this.#native.freeCallback(this.callback);
  }

  /** llama.cpp asks before each step whether its result is wanted, and evaluates up to one that is. */
  #wants(tensor: Pointer): boolean {
    this.#asked++;
    if (this.#step !== undefined) return this.#asked === this.#step;
    if (this.#native.c.ggml_get_name(tensor) !== LAST_RESULT) return false;
    this.#step = this.#asked;
    return true;
  }

  /** With the wanted result there, it asks whether to go on. */
  #end(): boolean {
    this.#skipped = true;
    return false;
  }
}
