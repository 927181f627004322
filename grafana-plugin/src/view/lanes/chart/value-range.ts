import type { Limit } from "../../../model/limit.ts";

const MARGIN = 0.08;

/**
 * The extent of the value axis: all values and every limit, so that the distance between them is
 * seen at its true size, with a margin. Zero is the floor when nothing lies below it.
 *
 * @param min - smallest value, null without values
 * @param max - largest value, null without values
 */
export function valueRange(
  min: number | null,
  max: number | null,
  limits: readonly Limit[],
): [number, number] {
  const edges = limits.flatMap((limit) => [
    ...("lower" in limit ? [limit.lower] : []),
    ...("upper" in limit ? [limit.upper] : []),
  ]);
  const known = [min, max, ...edges].filter((v): v is number => v !== null && Number.isFinite(v));
  if (known.length === 0) return [0, 1];
  const low = Math.min(...known);
  const high = Math.max(...known);
  // A line without height would divide by nothing; half of it on each side shows it in the middle.
  const margin = low === high ? Math.abs(low) / 2 || 1 : (high - low) * MARGIN;
  return [low >= 0 ? 0 : low - margin, high + margin];
}
