import { medianInPlace } from "../median.ts";

/** Values without gaps, and when they were measured, in milliseconds. */
export interface Points {
  readonly times: readonly number[];
  readonly values: readonly number[];
}

/**
 * The values from `since` on, thinned to at most `most` points: the time that they cover is cut into
 * `most` equal bins, and each bin that holds values becomes the point (median time, median value).
 * Medians let a short spike vanish, and a straight line stay the same line. Neighbours in a bin are
 * alike, so that fewer points also claim less evidence than there is.
 *
 * @param since milliseconds
 * @param most number of points, at least 1
 * @returns the values themselves when there are no more than `most`; without nulls
 */
export function binned(
  times: readonly number[],
  values: readonly (number | null)[],
  since: number,
  most: number,
): Points {
  const present = presentSince(times, values, since);
  const n = present.times.length;
  if (n <= most) return { times: [...present.times], values: [...present.values] };

  const first = present.times[0]!;
  const width = (present.times[n - 1]! - first) / most;
  const bins: { times: number[]; values: number[] } = { times: [], values: [] };
  for (let start = 0; start < n;) {
    const bin = Math.min(most - 1, Math.floor((present.times[start]! - first) / width));
    let end = start + 1;
    while (end < n && (bin === most - 1 || (present.times[end]! - first) / width < bin + 1)) end++;
    bins.times.push(middleTime(present.times, start, end));
    // Reordered in place: nobody reads them afterwards, and no bin needs an array of its own.
    bins.values.push(medianInPlace(present.values.subarray(start, end)));
    start = end;
  }
  return bins;
}

/** The median of ascending times from index `start` to before `end`. */
function middleTime(times: Float64Array, start: number, end: number): number {
  const upper = times[start + ((end - start) >> 1)]!;
  if ((end - start) % 2 === 1) return upper;
  const lower = times[start + ((end - start) >> 1) - 1]!;
  return lower + (upper - lower) / 2;
}

function presentSince(
  times: readonly number[],
  values: readonly (number | null)[],
  since: number,
): { readonly times: Float64Array; readonly values: Float64Array } {
  const present = {
    times: new Float64Array(times.length),
    values: new Float64Array(times.length),
  };
  let count = 0;
  for (let i = 0; i < times.length; i++) {
    const value = values[i];
    if (times[i]! < since || value === null || !Number.isFinite(value)) continue;
    present.times[count] = times[i]!;
    present.values[count++] = value!;
  }
  return {
    times: present.times.subarray(0, count),
    values: present.values.subarray(0, count),
  };
}
