import type { Bound } from "./limits.ts";

/**
 * How far `value` is from the limit, as a share: 1 is all there can be, 0 is at the limit, negative
 * is beyond it.
 *
 * - upper: `(upper - value) / |upper|`
 * - lower: `(value - lower) / |lower|`; above the limit `(value - lower) / (most - lower)` where there is
 *   a greatest value
 * - band: distance to the nearer edge over half the band's width
 *
 * Never more than 1. A lower limit without a greatest value has no other end, so twice the limit and
 * more counts as full headroom; the same holds for values below zero under an upper limit.
 *
 * A limit of zero has no scale: the headroom is 0 at it, and elsewhere not defined.
 *
 * @returns NaN when the value or the limit is not finite, when a band is empty (`lower >= upper`),
 * and when the limit is zero but the value is not
 */
export function headroom(limit: Bound, value: number): number {
  if (!Number.isFinite(value) || !isUsable(limit)) return Number.NaN;
  return Math.min(1, share(limit, value));
}

function share(limit: Bound, value: number): number {
  switch (limit.bound) {
    case "upper":
      return overScale(limit.upper - value, limit.upper);
    case "lower": {
      const { lower, most = -Infinity } = limit;
      const isTowardsMost = most > lower && value > lower;
      return isTowardsMost ? (value - lower) / (most - lower) : overScale(value - lower, lower);
    }
    case "band": {
      const distance = Math.min(value - limit.lower, limit.upper - value);
      return (2 * distance) / (limit.upper - limit.lower);
    }
  }
}

function overScale(distance: number, limit: number): number {
  if (distance === 0) return 0;
  return limit === 0 ? Number.NaN : distance / Math.abs(limit);
}

/** Less headroom than this is near the limit: one fifth of all there can be. Our choice. */
export const NEAR_RATIO = 0.2;

/**
 * Whether `value` has used up its headroom. A value exactly at the limit has none left, and alerts
 * fire there too. That holds for a limit of zero as well: "not a single one" is an upper limit
 * between zero and one, not an upper limit of zero.
 *
 * @returns false when the value is not finite or the limit is none (see {@link isUsable})
 */
export function isBroken(limit: Bound, value: number): boolean {
  if (!Number.isFinite(value) || !isUsable(limit)) return false;
  return (
    (limit.bound !== "lower" && value >= limit.upper) ||
    (limit.bound !== "upper" && value <= limit.lower)
  );
}

/** Whether the limit's edges are finite and leave room for a value. */
export function isUsable(limit: Bound): boolean {
  switch (limit.bound) {
    case "upper":
      return Number.isFinite(limit.upper);
    case "lower":
      return Number.isFinite(limit.lower);
    case "band":
      return (
        Number.isFinite(limit.lower) && Number.isFinite(limit.upper) && limit.lower < limit.upper
      );
  }
}

/**
 * Sorts by headroom: the nearest limit first, and last what has no headroom because nothing was
 * measured. For `Array.prototype.sort`, which leaves equal ones as they were.
 */
export function byHeadroom(a: number, b: number): number {
  const known = Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return known !== 0 || Number.isNaN(a) ? known : a < b ? -1 : Number(a > b);
}

/**
 * The headroom of a value in words: "44 %", "-25 %". Beyond once the limit, a share says little, and
 * it is told how many times the limit the value is, never rounded up: "10 times the limit".
 *
 * @param decimals - of the percentage
 * @returns "-" where there is no headroom to tell of
 */
export function headroomInWords(limit: Bound, value: number, decimals = 0): string {
  const left = headroom(limit, value);
  if (Number.isNaN(left)) return "-";
  const edge = brokenEdge(limit, value);
  // Never "-0 %".
  if (left >= -1 || edge === 0)
    return `${(100 * left).toFixed(decimals).replace(/^-(0[.0]*)$/, "$1")} %`;
  const times = value / edge;
  return `${Math.abs(times) < 10 ? Math.floor(10 * times) / 10 : Math.floor(times)} times the limit`;
}

function brokenEdge(limit: Bound, value: number): number {
  if (limit.bound === "upper") return limit.upper;
  return limit.bound === "lower" || value <= limit.lower ? limit.lower : limit.upper;
}
