/** Quantile of the normal distribution for 95 %. */
const Z = 1.959964;

/** A share with its 95 % confidence interval. */
export interface Share {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** How many were counted. */
  readonly of: number;
}

/** The share `hits / of` with Wilson's score interval (Wilson 1927). */
export function share(hits: number, of: number): Share {
  const p = hits / of;
  const z2 = Z * Z;
  const middle = (p + z2 / (2 * of)) / (1 + z2 / of);
  const half = (Z / (1 + z2 / of)) * Math.sqrt((p * (1 - p)) / of + z2 / (4 * of * of));
  return { value: p, low: middle - half, high: middle + half, of };
}
