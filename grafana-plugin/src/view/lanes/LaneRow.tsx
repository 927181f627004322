import { css, cx } from "@emotion/css";
import type { GrafanaTheme2 } from "@grafana/data";
import { useStyles2 } from "@grafana/ui";
import { type KeyboardEvent, memo, type ReactNode, useEffect, useRef, useState } from "react";
import type { Lane } from "../../model/lane/lane.ts";
import { durationWords, laneSentence } from "../../model/lane/sentence.ts";
import { endedWords } from "../ended.ts";
import { formatShare, formatValue, isMapped } from "../formats.ts";
import type { LimitedSeries } from "../use-lanes.ts";
import { type ChartSettings, LaneChart } from "./chart/LaneChart.tsx";
import { LaneHead } from "./LaneHead.tsx";
import { COLUMNS, type LaneLayout } from "./layout.ts";

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

/** Time outside, longest stretch and forecast of a lane. Says nothing where nothing is known. */
function LaneFacts({ lane }: { lane: Lane }) {
  const styles = useStyles2(getFactStyles);
  const { outside, forecast } = lane;
  if (lane.limits.length === 0) {
    return (
      <div className={styles.facts}>
        {lane.current && "Data without a limit: set thresholds, or a limit in the panel's options."}
      </div>
    );
  }
  if (!lane.current) return <div className={styles.facts} />;
  return (
    <div className={styles.facts}>
      {outside.total > 0 ? (
        <>
          <span>
            Outside for {durationWords(outside.total)} ({formatShare(outside.share)})
          </span>
          {outside.breaches.length > 1 && <span>Longest {durationWords(outside.longest)}</span>}
        </>
      ) : (
        <span>Never outside</span>
      )}
      {forecast && (
        <strong>
          Reaches {forecast.limit.severity} in ~{durationWords(forecast.inMs)}
        </strong>
      )}
    </div>
  );
}

const getFactStyles = (theme: GrafanaTheme2) => ({
  facts: css({
    display: "flex",
    flexDirection: "column",
    justifyContent: "center",
    gap: 2,
    minWidth: 0,
    lineHeight: 1.3,
    fontSize: theme.typography.bodySmall.fontSize,
    color: theme.colors.text.secondary,
    "& strong": { color: theme.colors.text.primary, fontWeight: 500 },
  }),
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
