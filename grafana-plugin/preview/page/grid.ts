import type { GridPosition } from "./server-api.ts";

/** Grafana's grid; lengths in pixels. */
const COLUMNS = 24;
const ROW_HEIGHT = 30;
const GAP = 8;

/** Below this width of the page, panels stand in one column, as in Grafana. Pixels. */
export const ONE_COLUMN_BELOW = 768;

/** Where something is, in pixels of its container. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Boxes in the order of the places they belong to, and the height of all. */
export interface Layout {
  readonly boxes: readonly Box[];
  readonly height: number;
}

/**
 * Turns places on the grid into pixels. A narrow page has them below each other, in their order.
 *
 * @param width of the container, in pixels
 */
export function layOut(places: readonly GridPosition[], width: number): Layout {
  const unit = (width - GAP * (COLUMNS - 1)) / COLUMNS;
  const shown = width < ONE_COLUMN_BELOW ? stacked(places) : places;
  const boxes = shown.map(({ x, y, w, h }) => ({
    left: Math.round(x * (unit + GAP)),
    top: y * (ROW_HEIGHT + GAP),
    width: Math.max(0, Math.round(w * unit + (w - 1) * GAP)),
    height: h * ROW_HEIGHT + (h - 1) * GAP,
  }));
  return { boxes, height: Math.max(0, ...boxes.map(({ top, height }) => top + height)) };
}

function stacked(places: readonly GridPosition[]): readonly GridPosition[] {
  let y = 0;
  return places.map(({ h }) => {
    const place = { x: 0, y, w: COLUMNS, h };
    y += h;
    return place;
  });
}
