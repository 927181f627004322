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
