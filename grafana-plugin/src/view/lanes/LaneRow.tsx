import { css, cx } from "@emotion/css";
import type { GrafanaTheme2 } from "@grafana/data";
import { useStyles2 } from "@grafana/ui";
import { type KeyboardEvent, memo } from "react";
import { laneSentence } from "../../model/lane/sentence.ts";
import { endedWords } from "../ended.ts";
import { formatValue, isMapped } from "../formats.ts";
import type { LimitedSeries } from "../limited-series.ts";
import { type ChartSettings, LaneChart } from "./chart/LaneChart.tsx";
import { LaneFacts } from "./LaneFacts.tsx";
import { LaneHead } from "./LaneHead.tsx";
import { COLUMNS, type LaneLayout } from "./layout.ts";
import { WhenSeen } from "./WhenSeen.tsx";

interface Props {
  readonly item: LimitedSeries;
  readonly all: readonly LimitedSeries[];
  readonly layout: LaneLayout;
  readonly chart: ChartSettings;
  /** Whether Tab reaches this lane; the arrow keys reach the others. */
  readonly isTabStop: boolean;
  readonly onFocus: (id: string) => void;
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
}

/** One lane: figures, chart and facts. */
export const LaneRow = memo(function LaneRow(props: Props) {
  const { item, all, layout, chart, isTabStop } = props;
  const styles = useStyles2(getStyles);
  const { lane, series } = item;
  const { field } = series;
  const sentence = laneSentence(lane, {
    value: (value) => formatValue(field, value),
    ended: (time) => endedWords(field, time, chart),
    isMapped: (value) => isMapped(field, value),
  });
  return (
    <li
      className={cx(styles.lane, styles[layout.shape])}
      style={{ height: layout.laneHeight }}
      tabIndex={isTabStop ? 0 : -1}
      aria-label={sentence}
      data-lane={lane.id}
      data-state={lane.state}
      onFocus={() => props.onFocus(lane.id)}
      onKeyDown={props.onKeyDown}
    >
      <LaneHead item={item} line={layout.shape !== "wide"} width={layout.headWidth} now={chart} />
      {layout.chartHeight > 0 && (
        <WhenSeen width={layout.chartWidth} height={layout.chartHeight}>
          <LaneChart
            {...chart}
            item={item}
            all={all}
            width={layout.chartWidth}
            height={layout.chartHeight}
            showTimeAxis={layout.shape === "narrow"}
          />
        </WhenSeen>
      )}
      {layout.shape === "wide" && <LaneFacts lane={lane} />}
    </li>
  );
});

const getStyles = (theme: GrafanaTheme2) => ({
  lane: css({
    display: "flex",
    gap: COLUMNS.gap,
    padding: `0 ${COLUMNS.gap}px`,
    borderBottom: `1px solid ${theme.colors.border.weak}`,
    overflow: "hidden",
    "&:last-child": { borderBottom: 0 },
    "&:focus-visible": {
      outline: `2px solid ${theme.colors.primary.main}`,
      outlineOffset: -2,
    },
  }),
  wide: css({
    alignItems: "center",
    "& > :last-child": { flex: `0 0 ${COLUMNS.facts}px` },
  }),
  narrow: css({
    flexDirection: "column",
    justifyContent: "center",
    gap: 2,
    "& > :first-child": { flex: "none" },
  }),
  line: css({ alignItems: "center" }),
});
