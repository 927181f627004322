import { medianInPlace } from "../median.ts";

/**
 * How far apart values usually are: the median time between consecutive values that are there.
 * Nulls are passed over, because in a table that joins several series most rows hold no value of
 * the slower ones.
 *
 * @param times milliseconds, ascending
 * @returns milliseconds; NaN when there are fewer than two values
 */
export function medianInterval(
  times: readonly number[],
  values: readonly (number | null)[],
): number {
  const intervals = new Float64Array(Math.max(0, times.length - 1));
  let count = 0;
  let before: number | undefined;
  for (let i = 0; i < times.length; i++) {
    if (!Number.isFinite(values[i])) continue;
    if (before !== undefined) intervals[count++] = times[i]! - before;
    before = times[i];
  }
  return medianInPlace(intervals.subarray(0, count));
}

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
