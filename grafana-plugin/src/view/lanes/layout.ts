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
  /** Of the facts beside the chart. */
  readonly factsWidth: number;
}

/** A browser window at 200 % has half its pixels: there everything must have room without being cut. */
const NARROW_BELOW = 680;
/** Below this the lanes have room for one line each. */
const LINE_BELOW_HEIGHT = 180;
const LINE = 34;
/** Of the panel's width: names and what to do are long where there is room for them. */
const HEAD = { share: 0.25, least: 180, most: 320 } as const;
const FACTS = { share: 0.23, least: 176, most: 380 } as const;
const GAP = 8;
const SCROLLBAR = 12;
/** Two lines of figures, and two of facts. */
const NARROW_TEXT = 84;
const LEAST = { wide: 70, narrow: 172 } as const;
/** Below this width the alert of a lane has a line of its own. */
const ALERT_BELOW = 1_000;
const ALERT_LINE = 22;
const MOST = { wide: 150, narrow: 230 } as const;

/** The space between columns, in pixels. */
export const COLUMN_GAP = GAP;

/**
 * Shares the panel's space among its lanes. They get as much height as they can use; when there are
 * too many they keep the least that can be read, and the panel scrolls.
 *
 * @param width - of the lanes' area in pixels
 * @param height - of the lanes' area in pixels
 * @param hasAlert - whether any lane has an alert to tell
 */
export function layoutLanes(
  width: number,
  height: number,
  count: number,
  hasAlert = false,
): LaneLayout {
  const shape = laneShape(width, height);
  if (shape === "line") {
    const none = { chartWidth: 0, chartHeight: 0, factsWidth: 0 };
    return { shape, laneHeight: LINE, headWidth: width, ...none };
  }
  const share = Math.floor(height / Math.max(1, count));
  const least =
    LEAST[shape] + (shape === "wide" && hasAlert && width < ALERT_BELOW ? ALERT_LINE : 0);
  const laneHeight = Math.min(MOST[shape], Math.max(least, share));
  const scrolls = laneHeight * count > height;
  const inner = width - (scrolls ? SCROLLBAR : 0) - 2 * GAP;
  if (shape === "narrow") {
    return {
      shape,
      laneHeight,
      headWidth: inner,
      chartWidth: Math.max(80, inner),
      chartHeight: laneHeight - NARROW_TEXT - GAP,
      factsWidth: inner,
    };
  }
  const [headWidth, factsWidth] = [HEAD, FACTS].map((column) =>
    Math.round(Math.min(column.most, Math.max(column.least, column.share * width))),
  ) as [number, number];
  return {
    shape,
    laneHeight,
    headWidth,
    factsWidth,
    chartWidth: Math.max(80, inner - headWidth - factsWidth - 2 * GAP),
    chartHeight: laneHeight - GAP,
  };
}

/** How lanes are laid out in an area of this size in pixels. */
export function laneShape(width: number, height: number): LaneShape {
  if (height < LINE_BELOW_HEIGHT) return "line";
  return width < NARROW_BELOW ? "narrow" : "wide";
}
