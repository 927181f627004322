import { headroom, isBroken } from "@headroom/alerts/headroom";
import type { Limit } from "../limit.ts";

/** The smallest headroom of several limits, and the limit it belongs to. */
export interface Nearest {
  /** A share, as in {@link headroom}; NaN when no limit has one. */
  readonly headroom: number;
  readonly limit: Limit | undefined;
}

/** The limit with the smallest headroom; of equal ones the first. */
export function nearestLimit(limits: readonly Limit[], value: number): Nearest {
  let nearest: Nearest = { headroom: Number.NaN, limit: undefined };
  for (const limit of limits) {
    const left = headroom(limit, value);
    if (Number.isNaN(left) || left >= nearest.headroom) continue;
    nearest = { headroom: left, limit };
  }
  return nearest;
}

/**
 * The worst limit that `value` breaks: a critical one before a warning, and of equal severity the
 * first.
 */
export function worstBroken(limits: readonly Limit[], value: number): Limit | undefined {
  let worst: Limit | undefined;
  for (const limit of limits) {
    if (worst !== undefined && limit.severity !== "critical") continue;
    if (!isBroken(limit, value)) continue;
    if (limit.severity === "critical") return limit;
    worst = limit;
  }
  return worst;
}
