/** What is less than this beyond a batch's fixed time is noise. */
const SHORTEST_SECONDS = 0.005;

/** A batch that should take at least so long tells also when the model has become slower. */
const TELLING_SECONDS = 0.05;

/** Weight of the newest batch: the estimate follows a change within some ten batches. */
const NEWEST = 0.1;

/**
 * How many tokens a second one scorer evaluates, as its batches show. The shortest time that a batch took is
 * what each of them takes whatever is in it, on some devices most of it. Most of a small batch's time is
 * waiting, so it can only show that the model is quicker than was known.
 */
export class ScoringSpeed {
  #tokensPerSecond: number | undefined;
  #shortest = Infinity;
  #freeAt = 0;

  /** @param tokensPerSecond - what is known of it before its first batch */
  constructor(tokensPerSecond?: number) {
    this.#tokensPerSecond = tokensPerSecond;
  }

  /** Undefined until batches of different sizes took long enough to tell. */
  get tokensPerSecond(): number | undefined {
    return this.#tokensPerSecond;
  }

  /**
   * Takes in a batch that was answered.
   *
   * @param started - when the scorer got it, in seconds; it may have worked on another one then
   */
  record(tokens: number, started: number, ended: number): void {
    this.#shortest = Math.min(this.#shortest, ended - started);
    const seconds = ended - Math.max(started, this.#freeAt) - this.#shortest;
    this.#freeAt = ended;
    if (seconds < SHORTEST_SECONDS || tokens === 0) return;
    const newest = tokens / seconds;
    const known = this.#tokensPerSecond ?? newest;
    if (newest < known && tokens < known * TELLING_SECONDS) return;
    this.#tokensPerSecond = NEWEST * newest + (1 - NEWEST) * known;
  }
}
