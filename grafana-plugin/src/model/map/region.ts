import type { Bound } from "../limit.ts";
import { isUsable } from "@headroom/alerts/headroom";

/** Where a value lies that a limit does not allow. */
export type Side = "below" | "above";

/**
 * On which side of a limit the value lies. At the limit counts as outside, because alerts fire
 * there.
 *
 * @returns undefined when it is allowed
 */
export function sideOf(limit: Bound, value: number): Side | undefined {
  if (!isUsable(limit)) return undefined;
  if (limit.bound !== "lower" && value >= limit.upper) return "above";
  return limit.bound !== "upper" && value <= limit.lower ? "below" : undefined;
}

/**
 * What all limits together allow. A limit that would leave no value beside those before it is left
 * out, so that there is always something to draw.
 *
 * @returns undefined when there is no limit
 */
export function commonRegion(limits: readonly Bound[]): Bound | undefined {
  let lower = -Infinity;
  let upper = Infinity;
  for (const limit of limits.filter(isUsable)) {
    const low = Math.max(lower, limit.bound === "upper" ? -Infinity : limit.lower);
    const high = Math.min(upper, limit.bound === "lower" ? Infinity : limit.upper);
    if (low < high) [lower, upper] = [low, high];
  }
  if (lower > -Infinity && upper < Infinity) return { bound: "band", lower, upper };
  if (upper < Infinity) return { bound: "upper", upper };
  return lower > -Infinity ? { bound: "lower", lower } : undefined;
}
