import { median } from "./outlier.ts";
import type { Point } from "./prometheus-reader.ts";

/**
 * The Theil-Sen estimate of a slope, a second: the median of the slopes between all pairs of points
 * (Theil 1950, Sen 1968). Up to 29 % of the points may be off without moving it much.
 *
 * @param points - with different times; NaN results from fewer than two
 */
export function theilSenSlope(points: readonly Point[]): number {
  const slopes = points.flatMap((first, index) =>
    points.slice(index + 1).map((second) => (second.value - first.value) / (second.at - first.at)),
  );
  return slopes.length === 0 ? Number.NaN : median(slopes);
}
