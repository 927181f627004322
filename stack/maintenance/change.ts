import { MAINTENANCE_LIMITS, type Limit } from "@headroom/alerts/limits";
import type { Measure } from "./measures.ts";

/**
 * Whether a change from `before` to `now` is trouble: into the harmful direction, by more than `share`
 * of what was, and by enough of the measure's limit to matter.
 */
export function isHarmful(
  { harmful, limit }: Pick<Measure, "harmful" | "limit">,
  { before, now, share }: { readonly before: number; readonly now: number; readonly share: number },
): boolean {
  const distance = now - before;
  if (harmful === "up" && distance <= 0) return false;
  if (harmful === "down" && distance >= 0) return false;
  const size = Math.abs(distance);
  return size > share * Math.abs(before) && size >= MAINTENANCE_LIMITS.leastOfLimit * extent(limit);
}

/** What a limit allows values to move by: up to it from zero, or across its band. */
function extent(limit: Limit | undefined): number {
  switch (limit?.bound) {
    case undefined:
      return 0;
    case "upper":
      return limit.upper;
    case "lower":
      return limit.lower;
    case "band":
      return limit.upper - limit.lower;
  }
}
