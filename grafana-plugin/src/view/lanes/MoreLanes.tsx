import { css } from "@emotion/css";
import type { GrafanaTheme2 } from "@grafana/data";
import { Icon, useStyles2, useTheme2 } from "@grafana/ui";
import { limitInQuestion } from "../../model/lane/lane.ts";
import { orderLanes } from "../../model/lane/order.ts";
import { formatHeadroom } from "../formats.ts";
import { STATE_ICONS, stateColor } from "../states.ts";
import type { LimitedSeries } from "../use-lanes.ts";

/** Height of the line in pixels. */
export const MORE_HEIGHT = 26;

interface Props {
  /** Those that have no room; none while all are shown. */
  readonly lanes: readonly LimitedSeries[];
  readonly onToggle: () => void;
}

/** One line that stands for the lanes below it, with the worst of them; a click shows them. */
export function MoreLanes({ lanes, onToggle }: Props) {
  const theme = useTheme2();
  const styles = useStyles2(getStyles);
  const [worst] = orderLanes(
    lanes.map(({ lane }) => lane),
    "nearest",
  );
  const item = lanes.find(({ lane }) => lane === worst);
  return (
    <button type="button" className={styles.more} aria-expanded={!item} onClick={onToggle}>
      <Icon name={item ? "angle-right" : "angle-up"} aria-hidden />
      {item && (
        <Icon
          name={STATE_ICONS[item.lane.state]}
          style={{ color: stateColor(theme, item.lane.state) }}
          aria-hidden
        />
      )}
      {item
        ? `${lanes.length} more, the worst: ${standing(item)}${withoutValue(lanes)}`
        : "Only as many as have room"}
    </button>
  );
}

/** What the worst of them does not tell: a lane without a value is none of those that are well. */
function withoutValue(lanes: readonly LimitedSeries[]): string {
  const count = lanes.filter(({ lane }) => !lane.current || lane.state === "stale").length;
  return count === 0 ? "" : `; ${count} without a recent value`;
}

/** `Errors, chat, 98 % headroom`. */
function standing({ lane, series }: LimitedSeries): string {
  const limit = lane.current && limitInQuestion(lane.limits, lane.current.value);
  if (!lane.current || !limit || lane.state === "stale") return lane.name;
  const left = formatHeadroom(limit, series.field, lane.current.value);
  return `${lane.name}, ${left.endsWith("%") ? `${left} headroom` : left}`;
}

const getStyles = (theme: GrafanaTheme2) => ({
  more: css({
    display: "flex",
    alignItems: "center",
    gap: 4,
    width: "100%",
    height: MORE_HEIGHT,
    padding: theme.spacing(0, 1),
    border: 0,
    borderTop: `1px solid ${theme.colors.border.weak}`,
    background: "none",
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
    textAlign: "left",
    whiteSpace: "nowrap",
    overflow: "hidden",
  }),
});
