import { byHeadroom } from "@headroom/alerts/headroom";
import type { Lane, LaneState } from "./lane.ts";

/** How lanes are sorted: nearest to the limit first, or as the data comes. */
export type LaneOrder = "nearest" | "data";

const RANK: Readonly<Record<LaneState, number>> = {
  critical: 0,
  warning: 1,
  near: 2,
  recovering: 2,
  ok: 2,
  "no-limit": 3,
  // What they were says nothing about now, and must not stand before what is.
  stale: 4,
  "no-data": 5,
};

/**
 * The lanes in the order in which they are shown. Nearest first: those beyond a critical limit,
 * those beyond a warning, those inside, those without limits, and last those whose values have ended
 * or never were. Among each the smallest headroom comes first, one that is not defined last, and
 * equal ones stay as they were.
 *
 * @returns a new array
 */
export function orderLanes(lanes: readonly Lane[], order: LaneOrder): readonly Lane[] {
  if (order === "data") return [...lanes];
  return [...lanes].sort(
    (a, b) => RANK[a.state] - RANK[b.state] || byHeadroom(a.headroom, b.headroom),
  );
}

/** An order of lanes, and what it was made for. */
export interface KeptOrder {
  readonly ids: readonly string[];
  /** The lanes with their states; the order holds for as long as this is the same. */
  readonly basis: string;
}

/**
 * The order of {@link orderLanes}, but the one before while no lane has another state: a place that
 * moves with every flutter of a value cannot be found again.
 *
 * @param lanes - as the data comes
 * @returns `before` itself while it holds
 */
export function keptOrder(lanes: readonly Lane[], order: LaneOrder, before?: KeptOrder): KeptOrder {
  const basis = JSON.stringify([order, ...lanes.map(({ id, state }) => [id, state])]);
  if (before?.basis === basis) return before;
  return { basis, ids: orderLanes(lanes, order).map(({ id }) => id) };
}
