import { varianceInflation } from "./autocorrelation.ts";
import type { Points } from "./bins.ts";
import { mannKendall, standardScore } from "./mann-kendall.ts";
import { theilSen, type Line } from "./theil-sen.ts";

/** Fewer points than this say nothing about a trend. */
export const LEAST_POINTS = 10;

/** Two-sided 1 % point of the normal distribution: one series in a hundred without trend passes. */
const SIGNIFICANT = 2.5758;

/** Differences below this share of the greatest value come from rounding. */
const ROUNDING = 1e-9;

/**
 * The line that the points follow, if they follow one: the slope of Theil and Sen, significant by
 * the test of Mann and Kendall at the 1 % level, with the correction for autocorrelation.
 *
 * @returns undefined when there are fewer than {@link LEAST_POINTS} points, or no trend
 */
export function trend(points: Points): Line | undefined {
  const { times, values } = points;
  if (values.length < LEAST_POINTS) return undefined;
  const test = mannKendall(values);
  // The cheap test first: most series have no trend.
  if (Math.abs(standardScore(test)) <= SIGNIFICANT) return undefined;

  const line = theilSen(points);
  const inflation = varianceInflation(residuals(times, values, line));
  const score = standardScore({ s: test.s, variance: test.variance * inflation });
  const isTrend = Math.abs(score) > SIGNIFICANT && line.slope !== 0 && Number.isFinite(line.slope);
  return isTrend ? line : undefined;
}

/** What the line leaves over, in steps of the rounding error: points on the line are ties. */
function residuals(times: readonly number[], values: readonly number[], line: Line): number[] {
  const end = times[times.length - 1]!;
  const step = ROUNDING * values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return values.map((value, i) =>
    Math.round((value - line.last + line.slope * (end - times[i]!)) / step),
  );
}
