/** The middle of repeated measurements, and how far they lie apart. */
export interface Spread {
  readonly median: number;
  /** A quarter of the values is lower. */
  readonly low: number;
  /** A quarter of the values is higher. */
  readonly high: number;
}

/**
 * The value below which a share `q` of the values lies, on the line between its two neighbours
 * (definition 7 of Hyndman and Fan 1996, The American Statistician 50, 361-365).
 *
 * @param q - from 0 to 1
 * @returns NaN for no values
 */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * q;
  const [below, above] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  if (below === undefined || above === undefined) return Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}

/** Median and quartiles. */
export function spreadOf(values: readonly number[]): Spread {
  return {
    median: quantile(values, 0.5),
    low: quantile(values, 0.25),
    high: quantile(values, 0.75),
  };
}

/**
 * How one thing compares with another that was measured in turn with it: the ratio of each pair, so
 * that a change of the machine's speed meets both.
 *
 * @throws RangeError when they were not measured equally often
 */
export function pairedRatio(of: readonly number[], to: readonly number[]): Spread {
  if (of.length !== to.length) {
    throw new RangeError(
      `pairs need as many values on both sides, got ${of.length} and ${to.length}`,
    );
  }
  return spreadOf(of.map((value, i) => value / to[i]!));
}

/** Median and quartiles as a text: `120 (110 to 131)`. */
export function withSpread({ median, low, high }: Spread, format: (n: number) => string): string {
  return `${format(median)} (${format(low)} to ${format(high)})`;
}

/**
 * How far the median may lie from that of endless repetitions, in about 95 of 100 cases: 1.57 times the
 * quartiles' distance over the root of the count (McGill, Tukey and Larsen 1978, The American
 * Statistician 32, 12-16).
 */
export function doubtOf({ low, high }: Spread, count: number): number {
  return (1.57 * (high - low)) / Math.sqrt(count);
}
