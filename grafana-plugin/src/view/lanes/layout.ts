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
const FACTS_OF_NARROW = 2;
const LEAST = { line: LINE, wide: 70, narrow: 172 } as const;
/** Below this width the alert of a lane has a line of its own. */
const ALERT_BELOW = 1_000;
const ALERT_LINE = 22;
const NAME_LINE = 18;
const MOST = { wide: 150, narrow: 230 } as const;
/** Of the facts: height of a line, and width of a letter where a few break before the end of it. */
const TEXT = { line: 16, letter: 6.6 } as const;
/** Of a name: width of a letter, and of what stands before the first. */
const NAME = { letter: 7.5, icon: 20 } as const;
/** Letters of "Limit 500 ms. Outside for 12 min (37 %)", and of "Runbook" with its icon. */
const LETTERS = { outside: 42, runbook: 11 } as const;

/** The space between columns, in pixels. */
export const COLUMN_GAP = GAP;

/** What lanes have to tell beside their figures. */
export interface ToTell {
  /** Whether any lane has an alert. */
  readonly hasAlert: boolean;
  /** Letters of the longest that any lane says to do; 0 when there is nothing to do. */
  readonly actionLength: number;
  /** Letters of the longest name. */
  readonly nameLength: number;
}

const NOTHING: ToTell = { hasAlert: false, actionLength: 0, nameLength: 0 };

/** How many lanes have room below each other with all that they have to tell; at least one. */
export function lanesWithRoom(width: number, height: number, told: ToTell): number {
  return Math.max(1, Math.floor(height / leastHeight(laneShape(width, height), width, told)));
}

/**
 * Shares the panel's space among its lanes. They get as much height as they can use; when there are
 * too many they keep the least that can be read, and the panel scrolls.
 *
 * @param width - of the lanes' area in pixels
 * @param height - of the lanes' area in pixels
 */
export function layoutLanes(
  width: number,
  height: number,
  count: number,
  told: ToTell = NOTHING,
): LaneLayout {
  const shape = laneShape(width, height);
  if (shape === "line") {
    const none = { chartWidth: 0, chartHeight: 0, factsWidth: 0 };
    return { shape, laneHeight: LINE, headWidth: width, ...none };
  }
  const share = Math.floor(height / Math.max(1, count));
  const least = leastHeight(shape, width, told);
  const laneHeight = Math.max(least, Math.min(MOST[shape], share));
  const scrolls = laneHeight * count > height;
  const inner = width - (scrolls ? SCROLLBAR : 0) - 2 * GAP;
  if (shape === "narrow") {
    return {
      shape,
      laneHeight,
      headWidth: inner,
      chartWidth: Math.max(80, inner),
      chartHeight: laneHeight - NARROW_TEXT - GAP - (least - LEAST.narrow),
      factsWidth: inner,
    };
  }
  const [headWidth, factsWidth] = [columnWidth(HEAD, width), columnWidth(FACTS, width)];
  return {
    shape,
    laneHeight,
    headWidth,
    factsWidth,
    chartWidth: Math.max(80, inner - headWidth - factsWidth - 2 * GAP),
    chartHeight: laneHeight - GAP,
  };
}

function columnWidth({ share, least, most }: typeof HEAD | typeof FACTS, width: number): number {
  return Math.round(Math.min(most, Math.max(least, share * width)));
}

/** The least height of a lane in which nothing that is told is lost. */
function leastHeight(
  shape: LaneShape,
  width: number,
  { hasAlert, actionLength, nameLength }: ToTell,
): number {
  if (shape === "line") return LEAST.line;
  const isWide = shape === "wide";
  const letters = (isWide ? columnWidth(FACTS, width) : width - 2 * GAP) / TEXT.letter;
  const action = actionLength > 0 ? Math.ceil((LETTERS.runbook + actionLength) / letters) : 0;
  const lines = Math.ceil(LETTERS.outside / letters) + action;
  if (!isWide) return LEAST.narrow + TEXT.line * Math.max(0, lines - FACTS_OF_NARROW);
  const alertLine = hasAlert && width < ALERT_BELOW ? ALERT_LINE : 0;
  const isLong = NAME.icon + NAME.letter * nameLength > columnWidth(HEAD, width);
  const head = LEAST.wide + alertLine + (isLong ? NAME_LINE : 0);
  return Math.max(head, action > 0 ? TEXT.line * lines : 0);
}

/** How lanes are laid out in an area of this size in pixels. */
export function laneShape(width: number, height: number): LaneShape {
  if (height < LINE_BELOW_HEIGHT) return "line";
  return width < NARROW_BELOW ? "narrow" : "wide";
}
