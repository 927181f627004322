import type { PanelProps } from "@grafana/data";
import { useCallback, useMemo } from "react";
import type { LimitsPanelOptions } from "../options.ts";
import { nowWithin } from "./ended.ts";
import type { ChartSettings } from "./lanes/chart/LaneChart.tsx";
import { Lanes } from "./lanes/Lanes.tsx";
import { NothingToDraw } from "./NothingToDraw.tsx";
import { useLanes } from "./use-lanes.ts";

/** The lanes of the panel's data, or what to do when there is none. */
export function LanesView(props: PanelProps<LimitsPanelOptions>) {
  const { id, data, options, timeRange, timeZone, width, height, onChangeTimeRange } = props;
  const from = timeRange.from.valueOf();
  const to = timeRange.to.valueOf();
  // When the data came: the lanes are not computed again in between.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const now = useMemo(() => nowWithin(to), [data.series, to]);
  const items = useLanes(data.series, options, { from, to, now });
  const onZoom = useCallback(
    (range: { from: number; to: number }) => onChangeTimeRange(range),
    [onChangeTimeRange],
  );
  const { tooltip } = options;
  const chart = useMemo<ChartSettings>(
    () => ({
      from,
      to,
      now,
      timeZone,
      tooltipMode: tooltip.mode,
      maxTooltipHeight: tooltip.maxHeight,
      maxTooltipWidth: tooltip.maxWidth,
      scope: `headroom-limits-${id}`,
      onZoom,
    }),
    [from, to, now, timeZone, tooltip.mode, tooltip.maxHeight, tooltip.maxWidth, id, onZoom],
  );
  if (!items.some(({ lane }) => lane.current)) {
    return (
      <NothingToDraw
        {...props}
        hint="The queries gave no numbers in this time range. Widen the range, or check the queries and that the source is being scraped."
      />
    );
  }
  return <Lanes items={items} width={width} height={height} chart={chart} />;
}
