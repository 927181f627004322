/** A shorter batch tells more of what a call costs than of how quick the model is. */
const SHORTEST_SECONDS = 0.005;

/** A batch that should take at least so long tells also when the model has become slower. */
const TELLING_SECONDS = 0.05;

/** Weight of the newest batch: the estimate follows a change within some ten batches. */
const NEWEST = 0.1;

/**
 * How many tokens a second one scorer evaluates, as its batches show. Most of a small batch's time is
 * waiting, so it can only show that the model is quicker than was known.
 */
export class ScoringSpeed {
  #tokensPerSecond: number | undefined;
  #freeAt = 0;

  /** @param tokensPerSecond - what is known of it before its first batch */
  constructor(tokensPerSecond?: number) {
    this.#tokensPerSecond = tokensPerSecond;
  }

  /** Undefined until a batch took long enough to tell. */
  get tokensPerSecond(): number | undefined {
    return this.#tokensPerSecond;
  }

  /**
   * Takes in a batch that was answered.
   *
   * @param started - when the scorer got it, in seconds; it may have worked on another one then
   */
  record(tokens: number, started: number, ended: number): void {
    const seconds = ended - Math.max(started, this.#freeAt);
    this.#freeAt = ended;
    if (seconds < SHORTEST_SECONDS || tokens === 0) return;
    const newest = tokens / seconds;
    const known = this.#tokensPerSecond ?? newest;
    if (newest < known && tokens < known * TELLING_SECONDS) return;
    this.#tokensPerSecond = NEWEST * newest + (1 - NEWEST) * known;
  }
}
