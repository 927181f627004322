/** How a lane is laid out: everything in a row, the chart below its figures, or one line. */
export type LaneShape = "wide" | "narrow" | "line";

/** Sizes in pixels of the lanes of one panel. */
export interface LaneLayout {
  readonly shape: LaneShape;
  readonly laneHeight: number;
  /** Of the chart; 0 when there is none. */
  readonly chartWidth: number;
  readonly chartHeight: number;
  /** Of the figures beside the chart. */
  readonly headWidth: number;
}

const NARROW_BELOW = 560;
/** Below this the lanes have room for one line each. */
const LINE_BELOW_HEIGHT = 180;
const LINE = 30;
/** Of the panel's width; names are long where there is room for them. */
const HEAD_SHARE = 0.23;
const HEAD_WIDTH = { least: 170, most: 280 } as const;
const FACTS_WIDTH = 176;
const GAP = 8;
const SCROLLBAR = 12;
const NARROW_HEAD = 46;
const LEAST = { wide: 72, narrow: 112 } as const;
const MOST = { wide: 150, narrow: 190 } as const;

/**
 * Shares the panel's space among its lanes. They get as much height as they can use; when there are
 * too many they keep the least that can be read, and the panel scrolls.
 *
 * @param width - of the lanes' area in pixels
 * @param height - of the lanes' area in pixels
 */
export function layoutLanes(width: number, height: number, count: number): LaneLayout {
  const shape = laneShape(width, height);
  if (shape === "line") {
    return { shape, laneHeight: LINE, chartWidth: 0, chartHeight: 0, headWidth: width };
  }
  const share = Math.floor(height / Math.max(1, count));
  const laneHeight = Math.min(MOST[shape], Math.max(LEAST[shape], share));
  const scrolls = laneHeight * count > height;
  const inner = width - (scrolls ? SCROLLBAR : 0) - 2 * GAP;
  const { least, most } = HEAD_WIDTH;
  const headWidth = Math.round(Math.min(most, Math.max(least, HEAD_SHARE * width)));
  return shape === "wide"
    ? {
        shape,
        laneHeight,
        headWidth,
        chartWidth: Math.max(80, inner - headWidth - FACTS_WIDTH - 2 * GAP),
        chartHeight: laneHeight - GAP,
      }
    : {
        shape,
        laneHeight,
        headWidth: inner,
        chartWidth: Math.max(80, inner),
        chartHeight: laneHeight - NARROW_HEAD - GAP,
      };
}

/** How lanes are laid out in an area of this size in pixels. */
export function laneShape(width: number, height: number): LaneShape {
  if (height < LINE_BELOW_HEIGHT) return "line";
  return width < NARROW_BELOW ? "narrow" : "wide";
}

/** The facts' width and the space between columns, in pixels. */
export const COLUMNS = { facts: FACTS_WIDTH, gap: GAP } as const;
