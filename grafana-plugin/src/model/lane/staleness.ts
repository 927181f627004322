/** A value may stay away for this many usual intervals before the series is called stale. */
export const STALE_INTERVALS = 3;

/** No series is called stale before this time, in milliseconds: queries and clocks are late too. */
export const STALE_AT_LEAST_MS = 10_000;

/**
 * Whether the last value is so old that nobody knows how things stand.
 *
 * @param lastTime of the last value, milliseconds
 * @param interval usual milliseconds between values; NaN when it is not known
 * @param now the moment that is asked about, usually the end of the visible range; milliseconds
 */
export function isStale(lastTime: number, interval: number, now: number): boolean {
  const patience = Number.isNaN(interval) ? 0 : STALE_INTERVALS * interval;
  return now - lastTime > Math.max(patience, STALE_AT_LEAST_MS);
}
