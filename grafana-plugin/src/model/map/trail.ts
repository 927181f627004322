import type { QualityMap, QualityPoint } from "./quality-map.ts";

/** Stretches of the range: enough to see a turn, few enough to follow the line. */
const STRETCHES = 24;

/**
 * The path of the mean: the mean of time and values in equal stretches of the range, oldest first.
 * Stretches without points are passed over.
 */
export function meanTrail(
  points: readonly QualityPoint[],
  range: { readonly from: number; readonly to: number },
): QualityMap["trail"] {
  const stretches = Array.from({ length: STRETCHES }, () => ({ n: 0, time: 0, x: 0, y: 0 }));
  const length = (range.to - range.from) / STRETCHES;
  for (const { time, x, y } of points) {
    const at = length > 0 ? Math.floor((time - range.from) / length) : 0;
    const stretch = stretches[Math.min(STRETCHES - 1, at)]!;
    stretch.n++;
    // Running means: sums of milliseconds since 1970 would lose digits.
    stretch.time += (time - stretch.time) / stretch.n;
    stretch.x += (x - stretch.x) / stretch.n;
    stretch.y += (y - stretch.y) / stretch.n;
  }
  return stretches.filter(({ n }) => n > 0).map(({ time, x, y }) => ({ time, x, y }));
}
