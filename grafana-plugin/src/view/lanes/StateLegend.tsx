import { css, cx } from "@emotion/css";
import type { GrafanaTheme2 } from "@grafana/data";
import { Icon, useStyles2, useTheme2 } from "@grafana/ui";
import { LANE_STATES, type LaneState } from "../../model/lane/lane.ts";
import { STATE_WORDS } from "../../model/lane/sentence.ts";
import type { LimitedSeries } from "../use-lanes.ts";
import { STATE_ICONS, stateColor } from "../states.ts";

/** How many lanes are in each state that occurs, the worst first. */
export function countStates(items: readonly LimitedSeries[]): ReadonlyMap<LaneState, number> {
  const counts = new Map<LaneState, number>();
  for (const state of LANE_STATES) {
    const count = items.filter(({ lane }) => lane.state === state).length;
    if (count > 0) counts.set(state, count);
  }
  return counts;
}

interface Props {
  /** How many lanes are in each state; states without lanes are left out. */
  readonly counts: ReadonlyMap<LaneState, number>;
  readonly hidden: ReadonlySet<LaneState>;
  readonly onToggle: (state: LaneState) => void;
  readonly alertState: string | undefined;
}

/** The legend of the lanes: how many are in which state. A click hides or shows them. */
export function StateLegend({ counts, hidden, onToggle, alertState }: Props) {
  const theme = useTheme2();
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.legend} role="group" aria-label="Lanes by state">
      {[...counts].map(([state, count]) => (
        <button
          key={state}
          type="button"
          className={cx(styles.item, hidden.has(state) && styles.hidden)}
          aria-pressed={!hidden.has(state)}
          title={hidden.has(state) ? "Show these lanes" : "Hide these lanes"}
          onClick={() => onToggle(state)}
        >
          <Icon name={STATE_ICONS[state]} style={{ color: stateColor(theme, state) }} aria-hidden />
          {count} {STATE_WORDS[state]}
        </button>
      ))}
      {(alertState === "alerting" || alertState === "pending") && (
        <span className={styles.item}>
          <Icon name="bell" aria-hidden />
          Grafana: {alertState === "alerting" ? "firing" : "pending"}
        </span>
      )}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  legend: css({
    display: "flex",
    gap: theme.spacing(1.5),
    height: 24,
    overflowX: "auto",
    overflowY: "hidden",
    padding: theme.spacing(0, 1),
  }),
  item: css({
    display: "flex",
    alignItems: "center",
    gap: 4,
    padding: 0,
    border: 0,
    background: "none",
    whiteSpace: "nowrap",
    fontSize: theme.typography.bodySmall.fontSize,
  }),
  hidden: css({ textDecoration: "line-through", color: theme.colors.text.secondary }),
});
