import { inTime, outcomeOf, type Outcome } from "./outcome.ts";

/** How long a reading takes at most and stays fresh, both in milliseconds. */
export interface SharedReadingOptions {
  readonly limitMs: number;
  readonly freshMs: number;
  /** Milliseconds since some start. */
  readonly clock: () => number;
  /** Ends what is under way. */
  readonly signal: AbortSignal;
}

/**
 * One part that many ask for: they share a reading while it is under way and as long as it is fresh,
 * also when it failed. The time limit runs from the reading's start, so that whoever comes later
 * waits only for the rest of it; while a reading hangs, nobody waits and no other is started.
 */
export class SharedReading<T> {
  readonly #read: () => Promise<T>;
  readonly #options: SharedReadingOptions;
  #inTime: Promise<Outcome<T>> | undefined;
  #landed: { readonly outcome: Outcome<T>; readonly at: number } | undefined;

  constructor(read: () => Promise<T>, options: SharedReadingOptions) {
    this.#read = read;
    this.#options = options;
  }

  /** The part's outcome; it rejects when the signal aborts. */
  async outcome(): Promise<Outcome<T>> {
    const { clock, freshMs } = this.#options;
    if (this.#landed && clock() - this.#landed.at < freshMs) return this.#landed.outcome;
    this.#inTime ??= this.#start();
    return this.#inTime;
  }

  #start(): Promise<Outcome<T>> {
    const { clock, limitMs, signal } = this.#options;
    const reading = outcomeOf(this.#read).then((outcome) => {
      this.#landed = { outcome, at: clock() };
      this.#inTime = undefined;
      return outcome;
    });
    const result = inTime(reading, limitMs, signal);
    // Everybody may have left when the signal aborts.
    result.catch(() => {});
    return result;
  }
}
