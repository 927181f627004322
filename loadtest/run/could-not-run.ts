/** The run did not take place, so there is no verdict: exit code 2. */
export class CouldNotRun extends Error {
  /** What to do next. */
  readonly next: string;

  /**
   * @param what - what happened
   * @param why - why, as far as known
   * @param next - what to do about it
   */
  constructor(what: string, why: string, next: string, options?: ErrorOptions) {
    super(`${what}: ${why}. ${next}`, options);
    this.name = "CouldNotRun";
    this.next = next;
  }
}
