import { setImmediate as nextTurn, setTimeout as pause } from "node:timers/promises";

/** A part that was read and when (ISO 8601), or why it was not. */
export type Outcome<T> =
  { readonly state: T; readonly takenAt: string } | { readonly failure: string };

/** Longest reason for a failure, in characters. */
const REASON_LENGTH = 120;

/** Reads, and turns what comes of it into an outcome; it never rejects. */
export async function outcomeOf<T>(read: () => Promise<T>): Promise<Outcome<T>> {
  try {
    const state = await read();
    return { state, takenAt: new Date().toISOString() };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const firstLine = message.split("\n", 1)[0]!.trim();
    return { failure: firstLine.slice(0, REASON_LENGTH) || "unknown error" };
  }
}

/**
 * The outcome, or a failure that says so when it takes longer than `limitMs`.
 *
 * @throws the signal's reason when it aborts first; then no timer is left
 */
export async function inTime<T>(
  outcome: Promise<Outcome<T>>,
  limitMs: number,
  signal: AbortSignal,
): Promise<Outcome<T>> {
  const timer = new AbortController();
  const stop = () => timer.abort();
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  const late = async (): Promise<Outcome<T>> => {
    await pause(limitMs, undefined, { signal: timer.signal });
    // When the event loop was busy, both are due; the files of this turn are read after the timers.
    await nextTurn();
    return { failure: `took longer than ${limitMs} ms` };
  };
  try {
    const first = await Promise.race([outcome, late()]);
    // Readers listen to the same signal, so that their failure may come first.
    signal.throwIfAborted();
    return first;
  } catch {
    // Only an abort leads here: an outcome never rejects.
    throw signal.reason;
  } finally {
    signal.removeEventListener("abort", stop);
    stop();
  }
}
