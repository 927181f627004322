/** A way to have messages scored, which is measured beside others. */
export interface Contender {
  /** Short name, for programs. */
  readonly id: string;
  readonly name: string;
  /** What its time includes, in words. */
  readonly includes: string;
  /** The share of a round's batches that it gets, because it is slow; all when absent. */
  readonly share?: number;
  /** Takes in what `run` gets next, before the time starts. */
  prepare?(batches: readonly (readonly string[])[]): void;
  /**
   * Scores messages with all their prefixes, as fast as it can.
   *
   * @param batches - messages, as they would arrive in requests
   * @returns the sum of the whole messages' scores, in nats, where it is known
   */
  run(batches: readonly (readonly string[])[]): Promise<number | undefined>;
  close(): Promise<void>;
}

/** One that is not on this machine, and how to get it. */
export interface Absent {
  readonly id: string;
  readonly name: string;
  readonly absent: string;
}
