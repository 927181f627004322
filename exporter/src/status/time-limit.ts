/** Kept of the deadline for ending, storing and sending a summary, in milliseconds. */
const FINISHING_MS = 100;

/** Kept of the deadline for sending an answer, in milliseconds. */
const SENDING_MS = 40;

/** The time that one answer has; times are in milliseconds. */
export class TimeLimit {
  /** From acceptance to the answer. */
  readonly ms: number;
  readonly #acceptedAt: number;
  readonly #now: () => number;

  /** @param acceptedAt - on the clock of `now` */
  constructor(ms: number, acceptedAt: number, now: () => number) {
    this.ms = ms;
    this.#acceptedAt = acceptedAt;
    this.#now = now;
  }

  /** Since acceptance. */
  get elapsed(): number {
    return this.#now() - this.#acceptedAt;
  }

  /** Until the model must be done; at least 0. */
  get leftForModel(): number {
    return Math.max(0, this.ms - FINISHING_MS - this.elapsed);
  }

  /** Until an answer must be sent, whatever there is; at least 0. */
  get leftForAnswer(): number {
    return Math.max(0, this.ms - SENDING_MS - this.elapsed);
  }
}
