import { css, cx } from "@emotion/css";
import type { GrafanaTheme2 } from "@grafana/data";
import { DataLinksContextMenu, Icon, useStyles2, useTheme2 } from "@grafana/ui";
import { STATE_WORDS } from "../../model/lane/sentence.ts";
import { endedWords, type Now } from "../ended.ts";
import { formatHeadroom, formatValue } from "../formats.ts";
import { STATE_ICONS, stateColor } from "../states.ts";
import type { LimitedSeries } from "../use-lanes.ts";
import { linksOf } from "./chart/LaneTooltip.tsx";

interface Props {
  readonly item: LimitedSeries;
  /** Whether there is room for one line only. */
  readonly line: boolean;
  /** Pixels. */
  readonly width: number;
  readonly now: Now;
}

/** Name, state, value and headroom of a lane. */
export function LaneHead(props: Props) {
  const { item, line, width } = props;
  const theme = useTheme2();
  const styles = useStyles2(getStyles);
  const { lane } = item;
  const color = stateColor(theme, lane.state);
  return (
    <div className={cx(styles.head, line && styles.line)} style={line ? undefined : { width }}>
      <div className={styles.title}>
        <Icon name={STATE_ICONS[lane.state]} style={{ color }} aria-hidden />
        <LaneName item={item} />
      </div>
      {lane.state === "stale" ? <Ended {...props} /> : <Figures {...props} />}
    </div>
  );
}

/** What is, and how much headroom that leaves. */
function Figures({ item: { lane, series }, line }: Props) {
  const theme = useTheme2();
  const styles = useStyles2(getStyles);
  const { current, nearest } = lane;
  const color = stateColor(theme, lane.state);
  const value = current ? formatValue(series.field, current.value) : "no value";
  const left = current && nearest && formatHeadroom(nearest, series.field, current.value);
  return (
    <>
      <div className={styles.figures}>
        <span className={cx(styles.value, line && styles.small)}>{value}</span>
        <span className={styles.state} style={{ color }}>
          {STATE_WORDS[lane.state]}
        </span>
      </div>
      {left !== undefined && (
        <div className={styles.headroom}>
          <HeadroomBar headroom={lane.headroom} color={color} />
          <span className={styles.share}>
            {left.endsWith("%") && !line ? `${left} headroom` : left}
          </span>
        </div>
      )}
    </>
  );
}

/** Since when there is no value. What the last one was stands apart, or it would be taken for now. */
function Ended({ item: { lane, series }, line, now }: Props) {
  const styles = useStyles2(getStyles);
  if (!lane.current) return null;
  const { time, value } = lane.current;
  const last = `last value ${formatValue(series.field, value)}`;
  return (
    <>
      <div className={styles.figures}>
        <span className={cx(styles.ended, line && styles.small)}>
          {endedWords(series.field, time, now)}
        </span>
      </div>
      <span className={styles.last}>{last}</span>
    </>
  );
}

/** The name, with the field's data links behind it. */
function LaneName({ item: { series, lane } }: { item: LimitedSeries }) {
  const styles = useStyles2(getStyles);
  const name = (
    <span className={styles.name} title={lane.name}>
      {lane.name}
    </span>
  );
  if (!series.field.config.links?.length || !series.field.getLinks) return name;
  const links = () => linksOf({ lane, series }, series.rows.length - 1);
  return (
    <DataLinksContextMenu links={links}>
      {({ openMenu, targetClassName }) =>
        openMenu ? (
          <button
            type="button"
            className={cx(styles.link, targetClassName)}
            onClick={openMenu}
            title={lane.name}
          >
            {lane.name}
          </button>
        ) : (
          <span className={cx(styles.name, targetClassName)} title={lane.name}>
            {lane.name}
          </span>
        )
      }
    </DataLinksContextMenu>
  );
}

const getStyles = (theme: GrafanaTheme2) => {
  const ellipsis = { overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" } as const;
  return {
    head: css({
      display: "flex",
      flexDirection: "column",
      justifyContent: "center",
      gap: 2,
      flex: "none",
      minWidth: 0,
      lineHeight: 1.25,
    }),
    line: css({
      flex: 1,
      display: "grid",
      gridTemplateColumns: "minmax(0, 5fr) minmax(132px, 4fr) minmax(88px, 4fr)",
      alignItems: "center",
      gap: theme.spacing(1),
    }),
    title: css({ display: "flex", alignItems: "center", gap: 4, minWidth: 0 }),
    name: css({ ...ellipsis, fontWeight: theme.typography.fontWeightMedium }),
    link: css({
      ...ellipsis,
      fontWeight: theme.typography.fontWeightMedium,
      padding: 0,
      border: 0,
      background: "none",
      textAlign: "left",
    }),
    figures: css({ display: "flex", alignItems: "baseline", gap: theme.spacing(1), minWidth: 0 }),
    value: css({ ...ellipsis, fontSize: theme.typography.h4.fontSize, lineHeight: 1.2 }),
    ended: css({ ...ellipsis, color: theme.colors.text.secondary }),
    last: css({
      ...ellipsis,
      fontSize: theme.typography.bodySmall.fontSize,
      color: theme.colors.text.secondary,
    }),
    small: css({ fontSize: theme.typography.body.fontSize }),
    state: css({ ...ellipsis, fontSize: theme.typography.bodySmall.fontSize }),
    headroom: css({ display: "flex", alignItems: "center", gap: theme.spacing(1), minWidth: 0 }),
    share: css({
      fontSize: theme.typography.bodySmall.fontSize,
      whiteSpace: "nowrap",
      fontVariantNumeric: "tabular-nums",
    }),
  };
};

/**
 * How much headroom is left, as a bar: full is untouched, empty is at the limit or beyond. The number
 * stands beside it, so assistive technology skips the bar.
 */
function HeadroomBar({ headroom, color }: { headroom: number; color: string }) {
  const styles = useStyles2(getBarStyles);
  const share = Number.isFinite(headroom) ? Math.min(1, Math.max(0, headroom)) : 0;
  return (
    <div className={styles.track} aria-hidden>
      <div className={styles.fill} style={{ width: `${share * 100}%`, background: color }} />
      {headroom <= 0 && <div className={styles.empty} style={{ color }} />}
    </div>
  );
}

const getBarStyles = (theme: GrafanaTheme2) => ({
  track: css({
    position: "relative",
    flex: 1,
    minWidth: 24,
    height: 6,
    borderRadius: 3,
    overflow: "hidden",
    background: theme.colors.background.secondary,
    outline: `1px solid ${theme.colors.border.weak}`,
  }),
  fill: css({
    height: "100%",
    [theme.transitions.handleMotion("no-preference")]: { transition: "width 200ms" },
  }),
  // Stripes: an empty bar must not look like one without a value.
  empty: css({
    position: "absolute",
    inset: 0,
    opacity: 0.8,
    background: "repeating-linear-gradient(135deg, currentColor 0 2px, transparent 2px 6px)",
  }),
});
