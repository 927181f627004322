import type { Bound } from "../limit.ts";

/** Free room on each side of an axis, as a share of what it shows. */
const MARGIN = 0.05;

/** Below it numbers lose digits until none is left (IEEE 754, subnormal numbers). */
const SMALLEST = 2 ** -1022;

/**
 * Where an axis begins and ends: around all values and the edges of the region, with a margin. An
 * outlier stretches it, because a value far outside is just what the map is looked at for.
 *
 * @returns 0 to 1 when there is neither a value nor an edge
 */
export function axisExtent(
  values: Iterable<number>,
  region: Bound | undefined,
): readonly [number, number] {
  let low = Infinity;
  let high = -Infinity;
  const include = (value: number) => {
    low = Math.min(low, value);
    high = Math.max(high, value);
  };
  for (const value of values) include(value);
  if (region && region.bound !== "upper") include(region.lower);
  if (region && region.bound !== "lower") include(region.upper);
  if (low > high) return [0, 1];
  // A single value has no width: a tenth of its size makes it readable, or 1 around zero and around
  // numbers so small that a share of them is zero.
  const fifth = Math.abs(high) / 5;
  const width = high > low ? high - low : fifth > SMALLEST ? fifth : 2;
  const margin = high > low ? width * MARGIN : width / 2;
  return [low - margin, high + margin];
}
