import type { Generation, Speed } from "../engine/generator.ts";

/** Weight of the newest answer: the estimate follows a change within some five answers. */
const NEWEST = 0.3;

/** Fewer tokens than these tell more about the clock than about the model. */
const LEAST_TOKENS = 4;

/** A moving estimate of how fast a model is now, with whatever runs beside it. */
export class SpeedEstimate implements Speed {
  #prefill: number;
  #decode: number;

  /** @param initial - as measured while the model was loaded */
  constructor(initial: Speed) {
    this.#prefill = initial.prefillTokensPerSecond;
    this.#decode = initial.decodeTokensPerSecond;
  }

  get prefillTokensPerSecond(): number {
    return this.#prefill;
  }

  get decodeTokensPerSecond(): number {
    return this.#decode;
  }

  /** Takes in what an answer showed; one that was cut off before its first token shows nothing. */
  observe({ tokens, prefillSeconds, decodeSeconds }: Generation): void {
    if (tokens.evaluated >= LEAST_TOKENS && tokens.output > 0 && prefillSeconds > 0) {
      this.#prefill = blend(this.#prefill, tokens.evaluated / prefillSeconds);
    }
    if (tokens.output >= LEAST_TOKENS && decodeSeconds > 0) {
      this.#decode = blend(this.#decode, (tokens.output - 1) / decodeSeconds);
    }
  }
}

/** Times add up and rates do not, so it is the times a token that are averaged. */
function blend(old: number, newest: number): number {
  return 1 / ((1 - NEWEST) / old + NEWEST / newest);
}
