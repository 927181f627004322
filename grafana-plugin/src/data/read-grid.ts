import { type DataFrame, type Field, FieldType } from "@grafana/data";
import type { CountedCell } from "../model/map/message-grid.ts";
import type { LimitsPanelOptions } from "../options.ts";
import { soundFrames } from "./sound-frames.ts";

/** A cell, and of which of several grids it is, such as that of one method; empty where there is one. */
export interface GridCell extends CountedCell {
  readonly group: string;
}

/** What the frames of a panel hold of a grid, and what is left. */
interface FoundGrid {
  readonly cells: readonly GridCell[];
  readonly rest: DataFrame[];
}

/**
 * Finds a joint grid among the data: numbers with both labels of the options, each the upper edge of its
 * cell on one axis, such as "0.5" or "+Inf". A third label tells several grids apart. The last value
 * counts. What lies beside them in a frame is left.
 */
export function readGrid(
  frames: readonly DataFrame[],
  { gridX, gridY, gridBy }: Pick<LimitsPanelOptions, "gridX" | "gridY" | "gridBy">,
): FoundGrid {
  const cells: GridCell[] = [];
  const rest: DataFrame[] = [];
  const isCell = ({ type, labels = {} }: Field) =>
    type === FieldType.number && gridX in labels && gridY in labels;
  for (const frame of soundFrames(frames)) {
    const counted = frame.fields.filter(isCell);
    if (counted.length === 0) {
      rest.push(frame);
      continue;
    }
    for (const { labels = {}, values } of counted) {
      const count: unknown = values.at(-1);
      const [x, y] = [edgeOf(labels[gridX]), edgeOf(labels[gridY])];
      if (Number.isNaN(x) || Number.isNaN(y)) continue;
      // Where nothing was counted, the edges of the cell are still those of the grid.
      const isCount = typeof count === "number" && Number.isFinite(count) && count > 0;
      cells.push({ x, y, count: isCount ? count : 0, group: labels[gridBy] ?? "" });
    }
    const fields = frame.fields.filter((field) => !isCell(field));
    if (fields.some(({ type }) => type === FieldType.number))
      rest.push({ ...frame, fields, length: frame.length });
  }
  return { cells, rest };
}

function edgeOf(label: string | undefined): number {
  if (label === "+Inf") return Infinity;
  return label === undefined || label.trim() === "" ? Number.NaN : Number(label);
}
