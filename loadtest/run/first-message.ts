/** No profile sends more messages a second, so that runs one after the other never overlap. */
const MESSAGES_PER_SECOND = 10_000;
/** Starts again after this many seconds; the caches have forgotten by then. */
const SECONDS = 10_000;

/**
 * The number of a run's first message, from the time it starts: another one for each run, so that
 * answers cached in one run do not make the next one faster.
 *
 * @param milliseconds - since 1970
 */
export function firstMessageAt(milliseconds: number): number {
  return (Math.floor(milliseconds / 1_000) % SECONDS) * MESSAGES_PER_SECOND;
}
