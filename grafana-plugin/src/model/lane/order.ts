import type { Lane, LaneState } from "./lane.ts";

/** How lanes are sorted: nearest to the limit first, or as the data comes. */
export type LaneOrder = "nearest" | "data";

const RANK: Readonly<Record<LaneState, number>> = {
  critical: 0,
  warning: 1,
  // Nobody knows how they stand: what is known to be fine can wait.
  stale: 2,
  near: 3,
  recovering: 3,
  ok: 3,
  "no-limit": 4,
  "no-data": 5,
};

/**
 * The lanes in the order in which they are shown. Nearest first: those beyond a critical limit,
 * those beyond a warning, those without recent values, those inside, and last those without limits
 * or values. Among each the smallest headroom comes first, one that is not defined last, and equal
 * ones stay as they were.
 *
 * @returns a new array
 */
export function orderLanes(lanes: readonly Lane[], order: LaneOrder): readonly Lane[] {
  if (order === "data") return [...lanes];
  return [...lanes].sort(
    (a, b) => RANK[a.state] - RANK[b.state] || byHeadroom(a.headroom, b.headroom),
  );
}

function byHeadroom(a: number, b: number): number {
  const known = Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return known !== 0 || Number.isNaN(a) ? known : a < b ? -1 : Number(a > b);
}
