import { hasLabels, type Sample } from "./prometheus-text.ts";

/** A cumulative histogram, as Prometheus keeps it. */
export interface Histogram {
  /** Upper edges of the buckets, rising; the last is infinite. */
  readonly edges: readonly number[];
  /** Observations at or below each edge. */
  readonly counts: readonly number[];
  readonly sum: number;
}

/** What a histogram tells of a value. */
export interface Estimate {
  /** NaN when nothing was observed. */
  readonly value: number;
  /** Whether the value lies beyond the last finite edge, so that all it tells is "more than" that. */
  readonly isLeast: boolean;
}

/** Nothing was observed, or not enough. */
export const UNKNOWN: Estimate = { value: Number.NaN, isLeast: false };

/**
 * The histogram called `name` over all series that carry `labels`, added up.
 *
 * @returns undefined when there is no such series
 */
export function readHistogram(
  samples: readonly Sample[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Histogram | undefined {
  const byEdge = new Map<number, number>();
  let sum = 0;
  for (const sample of samples) {
    if (!hasLabels(sample, labels)) continue;
    if (sample.name === `${name}_sum`) sum += sample.value;
    if (sample.name !== `${name}_bucket`) continue;
    const le = sample.labels["le"];
    const edge = le === "+Inf" ? Number.POSITIVE_INFINITY : Number(le);
    byEdge.set(edge, (byEdge.get(edge) ?? 0) + sample.value);
  }
  if (!byEdge.has(Number.POSITIVE_INFINITY)) return undefined;
  const edges = [...byEdge.keys()].sort((a, b) => a - b);
  return { edges, counts: edges.map((edge) => byEdge.get(edge)!), sum };
}

/** Number of observations. */
export const observations = (histogram: Histogram): number => histogram.counts.at(-1) ?? 0;

/** Mean of the observations; NaN when there are none. */
export const meanOf = (histogram: Histogram): number => histogram.sum / observations(histogram);

/**
 * What was observed between two readings. A counter that fell was reset by a restart, so the later
 * reading is taken as it is, as Prometheus' `increase` does.
 */
export function since(later: Histogram, earlier: Histogram | undefined): Histogram {
  const sameShape = earlier !== undefined && earlier.edges.length === later.edges.length;
  if (!sameShape || observations(earlier) > observations(later)) return later;
  return {
    edges: later.edges,
    counts: later.counts.map((count, i) => count - earlier.counts[i]!),
    sum: later.sum - earlier.sum,
  };
}

/**
 * The q-quantile as Prometheus' `histogram_quantile` estimates it: linear within the bucket that
 * holds it; the highest finite edge when that bucket is the last.
 *
 * @returns NaN when nothing was observed
 */
export function quantile(histogram: Histogram, q: number): number {
  const { edges, counts } = histogram;
  const total = observations(histogram);
  if (total === 0) return Number.NaN;
  const rank = q * total;
  const i = counts.findIndex((count) => count >= rank);
  if (i === edges.length - 1) return edges.at(-2) ?? Number.NaN;
  const upper = edges[i]!;
  if (i === 0 && upper <= 0) return upper;
  const lower = i === 0 ? 0 : edges[i - 1]!;
  const below = i === 0 ? 0 : counts[i - 1]!;
  return lower + (upper - lower) * ((rank - below) / (counts[i]! - below));
}

/** The q-quantile, and whether it lies beyond the last finite edge. See {@link quantile}. */
export function estimate(histogram: Histogram, q: number): Estimate {
  const withinEdges = histogram.counts.at(-2) ?? 0;
  const all = observations(histogram);
  return { value: quantile(histogram, q), isLeast: all > 0 && withinEdges < q * all };
}

/** The bucket that holds `value`: more than `lower`, at most `upper`. */
export function bucketOf(histogram: Histogram, value: number): { lower: number; upper: number } {
  const i = histogram.edges.findIndex((edge) => value <= edge);
  return { lower: i <= 0 ? 0 : histogram.edges[i - 1]!, upper: histogram.edges[Math.max(i, 0)]! };
}
