import { css } from "@emotion/css";
import { dateTimeFormat, type GrafanaTheme2, type TimeZone } from "@grafana/data";
import { useStyles2 } from "@grafana/ui";
import { AXIS_WIDTH, CHART_RIGHT } from "./chart/chart-config.ts";
import { COLUMN_GAP } from "./layout.ts";

interface Props {
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  readonly timeZone: TimeZone;
  /** Of the charts above, in pixels. */
  readonly chartWidth: number;
  /** Of the column before the charts, in pixels. */
  readonly headWidth: number;
}

/** Height of the axis in pixels. */
export const TIME_AXIS_HEIGHT = 18;

/** One time axis for all lanes above it: theirs would take the room of their curves. */
export function TimeAxis({ from, to, timeZone, chartWidth, headWidth }: Props) {
  const styles = useStyles2(getStyles);
  const plotWidth = chartWidth - AXIS_WIDTH - CHART_RIGHT;
  const left = COLUMN_GAP + headWidth + COLUMN_GAP + AXIS_WIDTH;
  return (
    <div className={styles.axis} style={{ marginLeft: left, width: plotWidth }} aria-hidden>
      {timeTicks(from, to, plotWidth).map(({ time, format }) => (
        <span key={time} style={{ left: `${((time - from) / (to - from)) * 100}%` }}>
          {dateTimeFormat(time, { timeZone, format })}
        </span>
      ))}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  axis: css({
    position: "relative",
    height: TIME_AXIS_HEIGHT,
    fontSize: theme.typography.bodySmall.fontSize,
    color: theme.colors.text.secondary,
    "& span": { position: "absolute", transform: "translateX(-50%)", whiteSpace: "nowrap" },
  }),
});

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

/** Steps that people read with ease. */
const STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 7, 14, 30, 90].map((n) => n * DAY),
];

/** Pixels that a label needs with the space around it. */
const LABEL_WIDTH = 90;

/** A moment on the axis and how it is written, in words of moment.js. */
interface Tick {
  readonly time: number;
  readonly format: string;
}

/**
 * Round moments between `from` and `to` (milliseconds since 1970), as many as have room. Whole hours
 * and days are those of UTC.
 */
export function timeTicks(from: number, to: number, width: number): readonly Tick[] {
  const most = Math.max(1, Math.floor(width / LABEL_WIDTH));
  const span = to - from;
  if (!(span > 0)) return [];
  const step =
    STEPS.find((candidate) => span / candidate <= most) ?? YEAR * Math.ceil(span / YEAR / most);
  const format = step < MINUTE ? "HH:mm:ss" : step < DAY ? "HH:mm" : "MM-DD";
  const ticks: Tick[] = [];
  const first = Math.ceil(from / step) * step;
  for (let time = first; time <= to && ticks.length <= most; time += step) {
    ticks.push({ time, format });
  }
  return ticks;
}
