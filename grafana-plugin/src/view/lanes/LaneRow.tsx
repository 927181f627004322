import { css, cx } from "@emotion/css";
import type { GrafanaTheme2 } from "@grafana/data";
import { useStyles2 } from "@grafana/ui";
import { type KeyboardEvent, memo, type ReactNode, useEffect, useRef, useState } from "react";
import { laneSentence } from "../../model/lane/sentence.ts";
import { endedWords } from "../ended.ts";
import { formatValue, isMapped } from "../formats.ts";
import type { LimitedSeries } from "../use-lanes.ts";
import { alertText } from "./AlertChip.tsx";
import { type ChartSettings, LaneChart } from "./chart/LaneChart.tsx";
import { LaneFacts } from "./LaneFacts.tsx";
import { type Fold, LaneHead } from "./LaneHead.tsx";
import { COLUMN_GAP, type LaneLayout } from "./layout.ts";

interface Props {
  readonly item: LimitedSeries;
  readonly all: readonly LimitedSeries[];
  readonly layout: LaneLayout;
  /** Set at the lane that stands for others. */
  readonly fold: Fold | undefined;
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
    alert: alertText(lane, chart),
  });
  return (
    <li
      className={cx(styles.lane, styles[layout.shape])}
      style={{ minHeight: layout.laneHeight }}
      tabIndex={isTabStop ? 0 : -1}
      aria-label={sentence}
      data-lane={lane.id}
      data-state={lane.state}
      onFocus={() => props.onFocus(lane.id)}
      onKeyDown={props.onKeyDown}
    >
      <LaneHead
        item={item}
        shape={layout.shape}
        width={layout.headWidth}
        now={chart}
        fold={props.fold}
      />
      {layout.shape === "narrow" && <LaneFacts item={item} below />}
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
      {layout.shape === "wide" && (
        <div style={{ flex: `0 0 ${layout.factsWidth}px`, minWidth: 0 }}>
          <LaneFacts item={item} below={false} />
        </div>
      )}
    </li>
  );
});

const getStyles = (theme: GrafanaTheme2) => ({
  lane: css({
    display: "flex",
    gap: COLUMN_GAP,
    padding: `0 ${COLUMN_GAP}px`,
    borderBottom: `1px solid ${theme.colors.border.weak}`,
    overflow: "hidden",
    "&:last-child": { borderBottom: 0 },
    "&:focus-visible": {
      outline: `2px solid ${theme.colors.primary.main}`,
      outlineOffset: -2,
    },
  }),
  wide: css({ alignItems: "center" }),
  narrow: css({
    flexDirection: "column",
    justifyContent: "center",
    gap: 2,
    "& > :first-child": { flex: "none" },
  }),
  line: css({ alignItems: "center" }),
});

interface WhenSeenProps {
  readonly width: number;
  readonly height: number;
  readonly children: ReactNode;
}

/** Charts are made a little before they scroll into view. */
const MARGIN = "100px";

/** Keeps the place of its children and makes them once they come into view: fifty lanes do not draw at once. */
function WhenSeen({ width, height, children }: WhenSeenProps) {
  const place = useRef<HTMLDivElement>(null);
  const [wasSeen, setSeen] = useState(typeof IntersectionObserver === "undefined");
  useEffect(() => {
    if (wasSeen || !place.current) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) setSeen(true);
      },
      { rootMargin: MARGIN },
    );
    observer.observe(place.current);
    return () => observer.disconnect();
  }, [wasSeen]);
  return (
    <div ref={place} style={{ width, height, flex: "none" }}>
      {wasSeen && children}
    </div>
  );
}
