import type { Bound } from "../limits.ts";

/**
 * PromQL that keeps the samples of `series` for which no headroom is left: at the limit, or beyond.
 * NaN, the quantile and ratio of no traffic, is never kept.
 *
 * @param series - a metric or recorded series, not a compound expression
 */
export function noHeadroom(limit: Bound, series: string): string {
  switch (limit.bound) {
    case "upper":
      return `${series} >= ${limit.upper}`;
    case "lower":
      return `${series} <= ${limit.lower}`;
    case "band":
      return `(${series} <= ${limit.lower} or ${series} >= ${limit.upper})`;
  }
}

/** `condition`, but only where the counter grew by at least `minimum` within the window. */
export function withEvidence(
  condition: string,
  minimum: number,
  counter: string,
  options: { window: string; by: string },
): string {
  const grown = `sum by (${options.by}) (increase(${counter}[${options.window}]))`;
  return `${condition} and on (${options.by}) ${grown} >= ${minimum}`;
}

/**
 * PromQL for a share between 0 and 1. A part that was never counted has no series yet; it reads as
 * 0 wherever the whole exists.
 */
export function share(part: string, whole: string): string {
  return `(${part} or 0 * ${whole}) / ${whole}`;
}

/**
 * A matcher for the histogram bucket that ends at `edge`. Whole numbers are exposed as "1" by the
 * text format and as "1.0" by OpenMetrics.
 */
export function bucketAt(edge: number): string {
  return Number.isInteger(edge) ? `{le=~"${edge}([.]0)?"}` : `{le="${edge}"}`;
}
