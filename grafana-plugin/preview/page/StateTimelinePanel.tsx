import { css } from "@emotion/css";
import {
  dateTimeFormat,
  FieldType,
  formattedValueToString,
  getDisplayProcessor,
  getFieldDisplayName,
  PanelPlugin,
  type DataFrame,
  type Field,
  type GrafanaTheme2,
  type PanelProps,
} from "@grafana/data";
import { useStyles2, useTheme2 } from "@grafana/ui";
import { timeTicks } from "../../src/view/lanes/TimeAxis.tsx";
import { NoData } from "./host.tsx";

/** Pixels, as what follows. */
const AXIS_HEIGHT = 20;
const MOST_ROW_HEIGHT = 32;
const LEAST_ROW_HEIGHT = 18;
/** A stretch that is too short to see is drawn as long. */
const LEAST_STRETCH = 2;

/** A time in which a state did not change; milliseconds since 1970. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly words: string;
  readonly color: string;
}

/** Stands in for Grafana's state timeline: a row for each series, with a bar for each of its states. */
function StateTimelinePanel({ data, fieldConfig, width, height, ...props }: PanelProps) {
  const { timeRange, timeZone } = props;
  const theme = useTheme2();
  const styles = useStyles2(getStyles);
  const rows = data.series.flatMap((frame) => rowOf(frame, data.series, theme, timeZone));
  if (rows.length === 0) return <NoData message={fieldConfig.defaults.noValue} />;
  const [from, to] = [timeRange.from.valueOf(), timeRange.to.valueOf()];
  const share = (time: number) => (100 * (Math.min(to, Math.max(from, time)) - from)) / (to - from);
  const room = (height - AXIS_HEIGHT) / rows.length;
  const rowHeight = Math.min(MOST_ROW_HEIGHT, Math.max(LEAST_ROW_HEIGHT, room));
  const clock = (time: number) => dateTimeFormat(time, { timeZone, format: "HH:mm:ss" });
  const names = Math.min(260, Math.round(0.35 * width));
  return (
    <div className={styles.panel}>
      <div className={styles.rows}>
        {rows.map(({ name, stretches }) => (
          <div key={name} className={styles.row} style={{ height: rowHeight }}>
            <span className={styles.name} style={{ width: names }} title={name}>
              {name}
            </span>
            <div className={styles.course}>
              {stretches.map((one) => (
                <div
                  key={one.from}
                  className={styles.stretch}
                  title={`${name}: ${one.words}, ${clock(one.from)} to ${clock(one.to)}`}
                  style={{
                    left: `${share(one.from)}%`,
                    width: `max(${LEAST_STRETCH}px, ${share(one.to) - share(one.from)}%)`,
                    background: one.color,
                    color: theme.colors.getContrastText(one.color),
                  }}
                >
                  {one.words}
                </div>
              ))}
            </div>
          </div>
        ))}
      </div>
      <div className={styles.axis} style={{ height: AXIS_HEIGHT, marginLeft: names }} aria-hidden>
        {timeTicks(from, to, width - names).map(({ time, format }) => (
          <span key={time} style={{ left: `${share(time)}%` }}>
            {dateTimeFormat(time, { timeZone, format })}
          </span>
        ))}
      </div>
    </div>
  );
}

function rowOf(
  frame: DataFrame,
  all: readonly DataFrame[],
  theme: GrafanaTheme2,
  timeZone: string,
): readonly { readonly name: string; readonly stretches: readonly Stretch[] }[] {
  const time = frame.fields.find(({ type }) => type === FieldType.time);
  const field = frame.fields.find(({ type }) => type === FieldType.number);
  if (!time || !field) return [];
  const name = getFieldDisplayName(field, frame, [...all]);
  return [{ name, stretches: stretchesOf(time, field, theme, timeZone) }];
}

/** Samples of one state that follow each other; where samples are missing, there was none. */
function stretchesOf(time: Field, field: Field, theme: GrafanaTheme2, timeZone: string) {
  const show = field.display ?? getDisplayProcessor({ field, theme, timeZone });
  const step = time.config.interval ?? 0;
  const stretches: Stretch[] = [];
  time.values.forEach((at: number, index) => {
    const value: unknown = field.values[index];
    if (!Number.isFinite(value)) return;
    const shown = show(value);
    const [words, color = theme.colors.text.disabled] = [
      formattedValueToString(shown),
      shown.color,
    ];
    const last = stretches.at(-1);
    const goesOn = last?.words === words && at - last.to <= step / 2;
    // A state holds until the next sample.
    if (goesOn) stretches[stretches.length - 1] = { ...last, to: at + step };
    else stretches.push({ from: at, to: at + step, words, color });
  });
  return stretches;
}

/** With the options that Grafana's has for fields; its own are not read. */
export const stateTimelinePanel = new PanelPlugin(StateTimelinePanel).useFieldConfig();

const getStyles = (theme: GrafanaTheme2) => ({
  panel: css({ height: "100%", fontSize: theme.typography.bodySmall.fontSize }),
  rows: css({ maxHeight: `calc(100% - ${AXIS_HEIGHT}px)`, overflowY: "auto" }),
  row: css({ display: "flex", padding: "1px 0" }),
  name: css({
    ...{ flex: "none", alignSelf: "center", paddingRight: theme.spacing(1) },
    ...{ overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" },
  }),
  course: css({
    ...{ position: "relative", flex: 1, overflow: "hidden" },
    background: theme.colors.background.secondary,
  }),
  stretch: css({
    ...{ position: "absolute", top: 0, bottom: 0, display: "flex", alignItems: "center" },
    ...{ paddingLeft: 2, overflow: "hidden", whiteSpace: "nowrap" },
  }),
  axis: css({
    position: "relative",
    color: theme.colors.text.secondary,
    "& span": { position: "absolute", transform: "translateX(-50%)", whiteSpace: "nowrap" },
  }),
});
