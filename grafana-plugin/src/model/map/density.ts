import type { DensityCell, QualityMap, QualityPoint } from "./quality-map.ts";

/** Cells along each axis: about ten pixels each in a panel of usual size. */
const CELLS = 48;

/**
 * Counts points in a grid over the map. Only cells with points are given.
 *
 * @param extent - contains all points
 */
export function densityCells(
  points: readonly QualityPoint[],
  extent: QualityMap["extent"],
): readonly DensityCell[] {
  const width = (extent.x[1] - extent.x[0]) / CELLS;
  const height = (extent.y[1] - extent.y[0]) / CELLS;
  const counts = new Uint32Array(CELLS * CELLS);
  const recencies = new Float64Array(CELLS * CELLS);
  for (const { x, y, recency } of points) {
    const cell = index(y - extent.y[0], height) * CELLS + index(x - extent.x[0], width);
    counts[cell]!++;
    recencies[cell] = Math.max(recencies[cell]!, recency);
  }
  const cells: DensityCell[] = [];
  counts.forEach((count, cell) => {
    if (count === 0) return;
    const x = extent.x[0] + (cell % CELLS) * width;
    const y = extent.y[0] + Math.floor(cell / CELLS) * height;
    cells.push({ x, y, width, height, count, recency: recencies[cell]! });
  });
  return cells;
}

/** Rounding may carry a point at the very edge into a cell that does not exist. */
function index(distance: number, size: number): number {
  return Math.min(CELLS - 1, Math.max(0, Math.floor(distance / size)));
}
