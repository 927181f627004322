import { css } from "@emotion/css";
import type { GrafanaTheme2 } from "@grafana/data";
import { useStyles2 } from "@grafana/ui";
import { type KeyboardEvent, useCallback, useMemo, useState } from "react";
import { seriesMatcher } from "../../data/resolve-limits.ts";
import { foldLanes } from "../../model/lane/fold.ts";
import type { LaneState } from "../../model/lane/lane.ts";
import type { LimitedSeries } from "../use-lanes.ts";
import type { ChartSettings } from "./chart/LaneChart.tsx";
import { LaneRow } from "./LaneRow.tsx";
import { laneShape, lanesWithRoom, layoutLanes } from "./layout.ts";
import { MORE_HEIGHT, MoreLanes } from "./MoreLanes.tsx";
import { countStates, StateLegend } from "./StateLegend.tsx";
import { TIME_AXIS_HEIGHT, TimeAxis } from "./TimeAxis.tsx";

interface Props {
  /** In the order in which they are shown. */
  readonly items: readonly LimitedSeries[];
  readonly width: number;
  readonly height: number;
  readonly chart: ChartSettings;
  /** Lanes that are shown as one: a name or a pattern. */
  readonly fold: string;
  /** What Grafana says of the panel's own alert, if there is one. */
  readonly alertState: string | undefined;
}

/** Where there is no data, there is nothing to see: its number is in the legend. */
const FOLDED: ReadonlySet<LaneState> = new Set(["no-data"]);

const LEGEND_HEIGHT = 26;
/** Below this height every pixel is needed for the lanes. */
const LEGEND_FROM_HEIGHT = 200;

/**
 * The lanes below each other, and how many are in which state. Those that have no room stand behind a
 * line about them: what scrolls away is not seen at a glance. A panel of single lines scrolls.
 */
export function Lanes({ items, width, height, chart, fold, alertState }: Props) {
  const styles = useStyles2(getStyles);
  const [hidden, setHidden] = useState<ReadonlySet<LaneState>>(FOLDED);
  const [isOpen, setOpen] = useState(false);
  const [showsAll, setShowsAll] = useState(false);
  const [focused, setFocused] = useState<string>();
  const shown = useMemo(() => {
    const visible = items.filter(({ lane }) => !hidden.has(lane.state));
    const byId = new Map(visible.map((item) => [item.lane.id, item]));
    const lanes = visible.map(({ lane }) => lane);
    return foldLanes(lanes, seriesMatcher(fold).matches, isOpen).map(({ id, standsFor }) => ({
      item: byId.get(id)!,
      standsFor,
    }));
  }, [items, hidden, fold, isOpen]);
  const hasLegend = height >= LEGEND_FROM_HEIGHT;
  const inner = hasLegend ? height - LEGEND_HEIGHT : height;
  const shape = laneShape(width, inner - TIME_AXIS_HEIGHT);
  const hasAxis = shape === "wide" && shown.length > 0;
  const whole = hasAxis ? inner - TIME_AXIS_HEIGHT : inner;
  const hasAlert = shown.some(({ item }) => item.lane.alert);
  const actions = shown.map(({ item }) => item.lane.advice?.action.length ?? 0);
  const actionLength = Math.max(0, ...actions);
  const nameLength = Math.max(0, ...shown.map(({ item }) => item.lane.name.length));
  const told = useMemo(
    () => ({ hasAlert, actionLength, nameLength }),
    [hasAlert, actionLength, nameLength],
  );
  const hasMore = shape !== "line" && shown.length > lanesWithRoom(width, whole, told);
  const listHeight = hasMore ? whole - MORE_HEIGHT : whole;
  const first = hasMore && !showsAll ? lanesWithRoom(width, listHeight, told) : shown.length;
  const layout = useMemo(
    () => layoutLanes(width, listHeight, first, told),
    [width, listHeight, first, told],
  );
  const toggle = (state: LaneState) => {
    const next = new Set(hidden);
    if (!next.delete(state)) next.add(state);
    setHidden(next);
  };
  const onKeyDown = useCallback((event: KeyboardEvent<HTMLElement>) => {
    // Keys inside a lane, such as those of its chart, belong to what has the focus.
    if (event.target !== event.currentTarget) return;
    const lane = nextLane(event.currentTarget, event.key);
    if (!lane) return;
    event.preventDefault();
    lane.focus();
  }, []);
  const tabStop = shown.some(({ item }) => item.lane.id === focused)
    ? focused
    : shown[0]?.item.lane.id;
  const onToggle = useCallback(() => {
    setOpen(!isOpen);
    // What is opened is to be seen, not to stand behind another line.
    if (!isOpen) setShowsAll(true);
  }, [isOpen]);
  return (
    <div style={{ width, height }}>
      {hasLegend && (
        <StateLegend counts={countStates(items)} {...{ hidden, alertState }} onToggle={toggle} />
      )}
      <ul className={styles.list} style={{ maxHeight: listHeight }} aria-label="Limits">
        {shown.slice(0, first).map(({ item, standsFor }) => (
          <LaneRow
            key={item.lane.id}
            fold={standsFor === undefined ? undefined : { count: standsFor, isOpen, onToggle }}
            {...{ item, layout, chart, onKeyDown }}
            all={items}
            isTabStop={item.lane.id === tabStop}
            onFocus={setFocused}
          />
        ))}
      </ul>
      {hasMore && (
        <MoreLanes
          lanes={shown.slice(first).map(({ item }) => item)}
          onToggle={() => setShowsAll(!showsAll)}
        />
      )}
      {hasAxis && <TimeAxis {...chart} {...layout} />}
    </div>
  );
}

/** The lane that a key leads to from another. */
function nextLane(lane: HTMLElement, key: string): HTMLElement | undefined {
  const parent = lane.parentElement;
  const target = {
    ArrowDown: lane.nextElementSibling,
    ArrowUp: lane.previousElementSibling,
    Home: parent?.firstElementChild,
    End: parent?.lastElementChild,
  }[key];
  return target instanceof HTMLElement ? target : undefined;
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({
    margin: 0,
    padding: 0,
    listStyle: "none",
    overflowX: "hidden",
    overflowY: "auto",
    color: theme.colors.text.primary,
  }),
});
