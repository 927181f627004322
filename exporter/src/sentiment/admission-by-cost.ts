import type { ScoreRequest } from "../engine/scorer.ts";
import { HeadroomError } from "../errors.ts";
import { estimateSize } from "./words.ts";

/**
 * About how many tokens must be evaluated for a message. Counted before it is split into words, because
 * splitting is done where the model is: `n` words and `t` tokens cost `t`, and `n t / 2` more where each
 * word is left out once, because what stands before it is evaluated for all of them together.
 */
export function costOf({ text, ask }: ScoreRequest): number {
  const { words, tokens } = estimateSize(text);
  return ask === "without" ? tokens + (words * tokens) / 2 : tokens;
}

/** What is less than this beyond a batch's fixed time is noise. */
const SHORTEST_SECONDS = 0.005;

/** A batch that should take at least so long tells also when the model has become slower. */
const TELLING_SECONDS = 0.05;

/** Weight of the newest batch or interval: an estimate follows a change within some ten of them. */
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

/** A moving estimate of how many requests arrive each second. */
export class ArrivalRate {
  #last: number | undefined;
  #interval = Infinity;

  /** @param now - when a request arrived, in seconds on any steady clock */
  record(now: number): void {
    if (this.#last !== undefined) {
      const newest = now - this.#last;
      const known = this.#interval === Infinity ? newest : this.#interval;
      this.#interval = NEWEST * newest + (1 - NEWEST) * known;
    }
    this.#last = now;
  }

  /** Zero until two requests have arrived. */
  get perSecond(): number {
    return 1 / this.#interval;
  }
}

/** The share of its time that a request's own work may take: others are served beside it. */
const OWN_SHARE = 0.5;

/**
 * Refuses a request that could not be answered in time, before anything is done for it.
 *
 * @param tokens - what it costs
 * @param ahead - what is served before it, in tokens
 * @param perSecond - what all scorers together evaluate, in tokens a second
 * @throws HeadroomError `too_much_work` when it would be late even if nobody else asked, `overloaded` when
 * it would be late because others did
 */
export function refuseUnlessInTime(
  tokens: number,
  ahead: number,
  perSecond: number,
  deadlineSeconds: number,
): void {
  const limit = Math.floor(perSecond * deadlineSeconds * OWN_SHARE);
  const cost = Math.ceil(tokens);
  if (cost > limit) {
    throw new HeadroomError(
      "too_much_work",
      `About ${cost} tokens would have to be evaluated for this request, and this machine can do ${limit} ` +
        "in half of a request's time. Send fewer or shorter messages at once, choose the attribution " +
        "method prefix or none, or allow more time with HEADROOM_REQUEST_TIMEOUT_SECONDS.",
      { members: { cost, limit, unit: "tokens" } },
    );
  }
  const lateSeconds = (ahead + cost) / perSecond - deadlineSeconds;
  if (lateSeconds <= 0) return;
  const retryAfterSeconds = Math.max(1, Math.ceil(lateSeconds));
  throw new HeadroomError(
    "overloaded",
    `So much work waits for the model that this request would not be answered within ${deadlineSeconds} s, ` +
      `so it was not started. Send it again after ${retryAfterSeconds} s, or send less at once.`,
    { retryAfterSeconds, members: { limit: deadlineSeconds, unit: "seconds" } },
  );
}
