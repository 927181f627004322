import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/**
 * A sampler holds 12 bytes a vocabulary entry in memory that V8 does not see
 * (`llama_token_data`: id, logit, probability), and only a full collection frees it.
 */
const SAMPLER_BYTES_PER_TOKEN = 12;

/** Bytes that may wait: more would cost memory, fewer a 20 ms collection too often. */
const MAX_WAITING_BYTES = 64e6;

/** Counts the native memory that finished evaluations leave behind, and has V8 free it. */
export class NativeMemory {
  readonly #samplerBytes: number;
  readonly #collect: () => void;
  #waiting = 0;

  /** @param vocabulary - number of tokens that the model knows */
  constructor(vocabulary: number) {
    this.#samplerBytes = SAMPLER_BYTES_PER_TOKEN * vocabulary;
    setFlagsFromString("--expose-gc");
    this.#collect = runInNewContext("gc") as () => void;
  }

  /** An evaluation is done, and its sampler waits for collection. */
  evaluated(): void {
    this.#waiting += this.#samplerBytes;
  }

  /** Frees what waits when it is worth the pause; to be called when nobody waits for an answer. */
  collectWhenDue(): void {
    if (this.#waiting < MAX_WAITING_BYTES) return;
    this.#waiting = 0;
    this.#collect();
  }
}
