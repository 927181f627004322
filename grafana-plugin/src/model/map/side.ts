import { isUsable } from "@headroom/alerts/headroom";
import type { Bound } from "../limit.ts";

/** Where a value lies that a limit does not allow. */
type Side = "below" | "above";

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
