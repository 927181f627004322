import { medianInPlace } from "../median.ts";
import type { Points } from "./bins.ts";

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

/** How much the values speak for a steady rise or fall. */
interface MannKendall {
  /** Pairs that rise minus pairs that fall; at most n(n-1)/2 either way. */
  readonly s: number;
  /** Variance of `s` among independent values without a trend. */
  readonly variance: number;
}

/**
 * The Mann-Kendall test for a trend (Mann 1945, "Nonparametric tests against trend", Econometrica
 * 13:245-259; Kendall 1975, "Rank correlation methods", 4th edition), with the variance corrected
 * for ties: (n(n-1)(2n+5) - sum over groups of t equal values of t(t-1)(2t+5)) / 18.
 */
export function mannKendall(values: readonly number[]): MannKendall {
  const n = values.length;
  let s = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) s += Math.sign(values[j]! - values[i]!);
  }
  const sizes = new Map<number, number>();
  for (const value of values) sizes.set(value, (sizes.get(value) ?? 0) + 1);
  const term = (t: number) => t * (t - 1) * (2 * t + 5);
  let variance = term(n);
  for (const t of sizes.values()) variance -= term(t);
  return { s, variance: variance / 18 };
}

/**
 * The test's standard score, with Kendall's correction for continuity: about normal from ten values
 * on.
 *
 * @returns 0 when the values are all equal
 */
export function standardScore({ s, variance }: MannKendall): number {
  return variance > 0 ? (s - Math.sign(s)) / Math.sqrt(variance) : 0;
}

/** One-sided 5 % point of the normal distribution: a correlation above it over sqrt(n) is real. */
const REAL = 1.645;

/**
 * By how much the variance of Mann-Kendall's S grows because values resemble the ones before them,
 * after Hamed and Rao 1998 ("A modified Mann-Kendall trend test for autocorrelated data", Journal of
 * Hydrology 204:182-196): 1 + 2 / (n(n-1)(n-2)) * sum over lags k of (n-k)(n-k-1)(n-k-2) r(k), where
 * r(k) is the autocorrelation of the ranks of what the trend leaves over.
 *
 * Without it the test finds trends in anything that is averaged over a sliding window, as rates and
 * quantiles in Prometheus are. Unlike there the sum ends at the first lag that is not significantly
 * positive, so that the factor is never below 1.
 *
 * @param residuals the values without their trend, at even distances
 */
export function varianceInflation(residuals: readonly number[]): number {
  const n = residuals.length;
  const ranks = centredRanks(residuals);
  const power = ranks.reduce((sum, rank) => sum + rank * rank, 0);
  if (n < 3 || power === 0) return 1;
  let weighted = 0;
  for (let lag = 1; lag < n - 2; lag++) {
    let product = 0;
    for (let i = lag; i < n; i++) product += ranks[i]! * ranks[i - lag]!;
    const correlation = product / power;
    if (correlation <= REAL / Math.sqrt(n)) break;
    weighted += (n - lag) * (n - lag - 1) * (n - lag - 2) * correlation;
  }
  return 1 + (2 * weighted) / (n * (n - 1) * (n - 2));
}

/** Ranks minus their mean; equal values share the mean of their ranks. */
function centredRanks(values: readonly number[]): Float64Array {
  const n = values.length;
  const order = Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!);
  const ranks = new Float64Array(n);
  for (let start = 0; start < n;) {
    let end = start + 1;
    while (end < n && values[order[end]!] === values[order[start]!]) end++;
    const rank = (start + end - 1) / 2 - (n - 1) / 2;
    for (let i = start; i < end; i++) ranks[order[i]!] = rank;
    start = end;
  }
  return ranks;
}
