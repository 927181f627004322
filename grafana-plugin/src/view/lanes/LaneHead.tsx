import { css, cx } from "@emotion/css";
import type { GrafanaTheme2 } from "@grafana/data";
import { DataLinksContextMenu, Icon, useStyles2, useTheme2 } from "@grafana/ui";
import { STATE_WORDS } from "../../model/lane/sentence.ts";
import type { LimitedSeries } from "../limited-series.ts";
import { formatShare, formatValue } from "../formats.ts";
import { STATE_ICONS, stateColor } from "../states.ts";
import { HeadroomBar } from "./HeadroomBar.tsx";

interface Props {
  readonly item: LimitedSeries;
  /** Whether there is room for one line only. */
  readonly line: boolean;
  /** Pixels. */
  readonly width: number;
}

/** Name, state, value and headroom of a lane. */
export function LaneHead({ item, line, width }: Props) {
  const theme = useTheme2();
  const styles = useStyles2(getStyles);
  const { lane, series } = item;
  const color = stateColor(theme, lane.state);
  const value = lane.current ? formatValue(series.field, lane.current.value) : "no value";
  return (
    <div className={cx(styles.head, line && styles.line)} style={line ? undefined : { width }}>
      <div className={styles.title}>
        <Icon name={STATE_ICONS[lane.state]} style={{ color }} aria-hidden />
        <LaneName item={item} />
      </div>
      <div className={styles.figures}>
        <span className={cx(styles.value, line && styles.small)}>{value}</span>
        <span className={styles.state} style={{ color }}>
          {STATE_WORDS[lane.state]}
        </span>
      </div>
      {Number.isFinite(lane.headroom) && (
        <div className={styles.headroom}>
          <HeadroomBar headroom={lane.headroom} color={color} />
          <span className={styles.share}>{headroomWords(lane.headroom, line)}</span>
        </div>
      )}
    </div>
  );
}

function headroomWords(headroom: number, isShort: boolean): string {
  if (headroom < 0) return `${formatShare(-headroom)} beyond`;
  return isShort ? formatShare(headroom) : `${formatShare(headroom)} headroom`;
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
  const links = () => series.field.getLinks!({ valueRowIndex: series.rows.at(-1) ?? 0 });
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
