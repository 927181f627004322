import { types } from "node:util";

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

/** The message of an error and of what caused it. */
export function reason(error: unknown): string {
  // Not `instanceof`: errors of Node's own may come from another realm.
  if (!types.isNativeError(error)) return String(error);
  const { cause, message } = error;
  return types.isNativeError(cause) && cause.message ? `${message} (${cause.message})` : message;
}
