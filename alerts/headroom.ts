import type { Bound } from "./limits.ts";

/**
 * How far `value` is from the limit, as a share of the limit: 1 is untouched, 0 is at the limit,
 * negative is beyond it.
 *
 * - upper: `(upper - value) / upper`
 * - lower: `(value - lower) / lower`
 * - band: distance to the nearer edge over half the band's width
 *
 * @returns NaN when the value is not finite, or when an upper or lower limit is zero (a share of
 * nothing is not defined)
 */
export function headroom(limit: Bound, value: number): number {
  if (!Number.isFinite(value)) return Number.NaN;
  switch (limit.bound) {
    case "upper":
      return limit.upper === 0 ? Number.NaN : (limit.upper - value) / Math.abs(limit.upper);
    case "lower":
      return limit.lower === 0 ? Number.NaN : (value - limit.lower) / Math.abs(limit.lower);
    case "band":
      return Math.min(value - limit.lower, limit.upper - value) / ((limit.upper - limit.lower) / 2);
  }
}

/**
 * Whether `value` has used up its headroom. A value exactly at the limit has none left, so the
 * alerts fire there too.
 */
export function isBroken(limit: Bound, value: number): boolean {
  return (
    (limit.bound !== "lower" && value >= limit.upper) ||
    (limit.bound !== "upper" && value <= limit.lower)
  );
}
