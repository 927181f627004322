import { css } from "@emotion/css";
import { dateTimeFormat, type GrafanaTheme2, type TimeZone } from "@grafana/data";
import { useStyles2 } from "@grafana/ui";
import { AXIS_WIDTH, CHART_RIGHT } from "./chart/chart-config.ts";
import { COLUMNS } from "./layout.ts";
import { timeTicks } from "./time-ticks.ts";

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
  const left = COLUMNS.gap + headWidth + COLUMNS.gap + AXIS_WIDTH;
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
