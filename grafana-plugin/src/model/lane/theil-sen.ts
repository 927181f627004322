import { medianInPlace } from "../median.ts";
import type { Points } from "./bins.ts";

/** A straight line through points. */
export interface Line {
  /** Change of the value each millisecond. */
  readonly slope: number;
  /** The line's value at the time of the last point. */
  readonly last: number;
}

/**
 * The line of Theil and Sen (Theil 1950, Indagationes Mathematicae 12; Sen 1968, JASA 63:1379-1389):
 * its slope is the median of the slopes between all pairs of points, and half of the points lie
 * above it. Up to 29 % of the points can be wild without moving it far. Takes n²/2 steps.
 *
 * @param points at least two, each at another time
 */
export function theilSen({ times, values }: Points): Line {
  const n = times.length;
  const slopes = new Float64Array((n * (n - 1)) / 2);
  let count = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      slopes[count++] = (values[j]! - values[i]!) / (times[j]! - times[i]!);
    }
  }
  const slope = medianInPlace(slopes);
  const end = times[n - 1]!;
  const atEnd = Float64Array.from(values, (value, i) => value + slope * (end - times[i]!));
  return { slope, last: medianInPlace(atEnd) };
}
