import type { Bound } from "../limits.ts";

/** A comparison of a sample with numbers; all but "below" hold at the edge, too. */
export type Comparison =
  | { readonly is: "at least" | "at most" | "below"; readonly edge: number }
  | { readonly is: "outside"; readonly lower: number; readonly upper: number };

/**
 * What an alert looks at, and for which values it fires: its `expr` in two parts, for those who
 * compare by other means than PromQL.
 */
export interface Watched {
  /** PromQL for the samples; those without enough evidence are left out. */
  readonly values: string;
  /** When a sample fires the alert. */
  readonly fires: Comparison;
}

/** Both ways to write the condition of one alert. */
export interface Condition {
  /** PromQL that keeps the samples which fire the alert. */
  readonly expr: string;
  readonly watched: Watched;
}

/**
 * Writes a condition as a whole, and with its comparison apart.
 *
 * @param fires - when a sample fires the alert
 * @param measure - PromQL for the samples, with every series that decides passed to `compared`
 */
export function conditionOf(
  fires: Comparison,
  measure: (compared: (series: string) => string) => string,
): Condition {
  return {
    expr: measure((series) => keepWhere(fires, series)),
    watched: { values: measure((series) => series), fires },
  };
}

/** The values for which no headroom is left: at the limit, or beyond. */
export function noHeadroom(limit: Bound): Comparison {
  switch (limit.bound) {
    case "upper":
      return { is: "at least", edge: limit.upper };
    case "lower":
      return { is: "at most", edge: limit.lower };
    case "band":
      return { is: "outside", lower: limit.lower, upper: limit.upper };
  }
}

/**
 * PromQL that keeps the samples of `series` for which a comparison holds. NaN, the quantile and ratio
 * of no traffic, is never kept.
 *
 * @param series - a metric or recorded series, not a compound expression
 */
export function keepWhere(comparison: Comparison, series: string): string {
  switch (comparison.is) {
    case "at least":
      return `${series} >= ${comparison.edge}`;
    case "at most":
      return `${series} <= ${comparison.edge}`;
    case "below":
      return `${series} < ${comparison.edge}`;
    case "outside":
      return `(${series} <= ${comparison.lower} or ${series} >= ${comparison.upper})`;
  }
}

/**
 * A matcher for the histogram bucket that ends at `edge`. Whole numbers are exposed as "1" by the
 * text format and as "1.0" by OpenMetrics.
 */
export function bucketAt(edge: number): string {
  return Number.isInteger(edge) ? `le=~"${edge}([.]0)?"` : `le="${edge}"`;
}
