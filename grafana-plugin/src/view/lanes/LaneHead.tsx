import { css, cx } from "@emotion/css";
import type { GrafanaTheme2 } from "@grafana/data";
import { DataLinksContextMenu, Icon, useStyles2, useTheme2 } from "@grafana/ui";
import { limitInQuestion } from "../../model/lane/lane.ts";
import { STATE_WORDS } from "../../model/lane/sentence.ts";
import { endedWords, type Now } from "../ended.ts";
import { formatHeadroom, formatValue } from "../formats.ts";
import { STATE_ICONS, stateColor } from "../states.ts";
import type { LimitedSeries } from "../use-lanes.ts";
import { AlertChip } from "./AlertChip.tsx";
import { linksOf } from "./chart/LaneTooltip.tsx";
import { outsideText } from "./LaneFacts.tsx";
import type { LaneShape } from "./layout.ts";

/** How many lanes one stands for, and whether they are shown below it. */
export interface Fold {
  readonly count: number;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

interface Props {
  readonly item: LimitedSeries;
  readonly shape: LaneShape;
  /** Pixels. */
  readonly width: number;
  readonly now: Now;
  readonly fold: Fold | undefined;
}

/** Name, state, value and headroom of a lane. */
export function LaneHead(props: Props) {
  const { item, shape, width, fold } = props;
  const line = shape !== "wide";
  const theme = useTheme2();
  const styles = useStyles2(getStyles);
  const { lane } = item;
  const color = stateColor(theme, lane.state);
  return (
    <div className={cx(styles.head, line && styles.line)} style={line ? undefined : { width }}>
      <div className={styles.title}>
        <Icon name={STATE_ICONS[lane.state]} style={{ color }} aria-hidden />
        <LaneName item={item} />
        {fold && (
          <button
            type="button"
            className={styles.fold}
            aria-expanded={fold.isOpen}
            onClick={fold.onToggle}
          >
            worst of {fold.count}
            <Icon name={fold.isOpen ? "angle-down" : "angle-right"} size="sm" aria-hidden />
          </button>
        )}
      </div>
      {lane.state === "stale" ? <Ended {...props} /> : <Figures {...props} />}
    </div>
  );
}

/** What is, and how much headroom that leaves. */
function Figures({ item: { lane, series }, shape, now }: Props) {
  const theme = useTheme2();
  const styles = useStyles2(getStyles);
  const { current, limits } = lane;
  const line = shape !== "wide";
  const color = stateColor(theme, lane.state);
  const outside = outsideText(lane);
  const value = current ? formatValue(series.field, current.value) : "no value";
  const limit = current && limitInQuestion(limits, current.value);
  const left = limit && formatHeadroom(limit, series.field, current.value);
  return (
    <>
      <div className={styles.figures}>
        <span className={cx(styles.value, line && styles.small)}>{value}</span>
        <span className={styles.state} style={{ color }}>
          {STATE_WORDS[lane.state]}
        </span>
        <AlertChip lane={lane} now={now} />
      </div>
      {left !== undefined && (
        <div className={cx(styles.headroom, line && styles.tight)}>
          <HeadroomBar headroom={lane.headroom} color={color} />
          <span className={styles.share}>
            {left.endsWith("%") && !line ? `${left} headroom` : left}
          </span>
          {shape === "line" && outside && <span className={styles.outside}>{outside}</span>}
        </div>
      )}
    </>
  );
}

/** Since when there is no value. What the last one was stands apart, or it would be taken for now. */
function Ended({ item: { lane, series }, shape, now }: Props) {
  const styles = useStyles2(getStyles);
  if (!lane.current) return null;
  const { time, value } = lane.current;
  const last = `last value ${formatValue(series.field, value)}`;
  return (
    <>
      <div className={styles.figures}>
        <span className={cx(styles.ended, shape !== "wide" && styles.small)}>
          {endedWords(series.field, time, now)}
        </span>
        <AlertChip lane={lane} now={now} />
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
  const twoLines = {
    display: "-webkit-box",
    WebkitBoxOrient: "vertical",
    WebkitLineClamp: 2,
    overflow: "hidden",
    overflowWrap: "anywhere",
  } as const;
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
      flex: "1 0 auto",
      display: "grid",
      gridTemplateColumns: "minmax(84px, 5fr) minmax(112px, 4fr) minmax(92px, 4fr)",
      alignItems: "center",
      gap: theme.spacing(1),
    }),
    title: css({ display: "flex", alignItems: "center", gap: 4, minWidth: 0 }),
    name: css({ ...twoLines, fontWeight: theme.typography.fontWeightMedium }),
    link: css({
      ...twoLines,
      fontWeight: theme.typography.fontWeightMedium,
      padding: 0,
      border: 0,
      background: "none",
      textAlign: "left",
      // A button would put its text in the middle of both lines.
      alignItems: "start",
    }),
    fold: css({
      display: "flex",
      alignItems: "center",
      flex: "none",
      padding: 0,
      border: 0,
      background: "none",
      color: theme.colors.text.secondary,
      fontSize: theme.typography.bodySmall.fontSize,
      whiteSpace: "nowrap",
    }),
    figures: css({
      display: "flex",
      flexWrap: "wrap",
      alignItems: "baseline",
      columnGap: theme.spacing(1),
      minWidth: 0,
    }),
    value: css({ fontSize: theme.typography.h4.fontSize, lineHeight: 1.2 }),
    ended: css({ color: theme.colors.text.secondary }),
    last: css({
      ...ellipsis,
      fontSize: theme.typography.bodySmall.fontSize,
      color: theme.colors.text.secondary,
    }),
    small: css({ fontSize: theme.typography.body.fontSize }),
    state: css({ fontSize: theme.typography.bodySmall.fontSize }),
    // The words have a column of their own, so that all bars are of one length.
    headroom: css({
      display: "grid",
      gridTemplateColumns: "minmax(20px, 1fr) 104px",
      alignItems: "center",
      columnGap: theme.spacing(1),
      minWidth: 0,
    }),
    tight: css({ gridTemplateColumns: "minmax(20px, 1fr) 62px" }),
    outside: css({
      gridColumn: "1 / -1",
      fontSize: 11,
      lineHeight: 1.1,
      color: theme.colors.text.secondary,
    }),
    share: css({
      fontSize: theme.typography.bodySmall.fontSize,
      lineHeight: 1.2,
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
    <div className={styles.track} data-bar aria-hidden>
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
