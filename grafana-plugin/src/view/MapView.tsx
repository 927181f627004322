import type { PanelProps } from "@grafana/data";
import { useMemo } from "react";
import type { LimitsPanelOptions } from "../options.ts";
import { nowWithin } from "./ended.ts";
import { QualityMapView } from "./map/QualityMapView.tsx";
import { mapOf } from "./map-of.ts";
import { NothingToDraw } from "./NothingToDraw.tsx";

/** The quality map of the panel's data, or what to do when one of its series is missing. */
export function MapView(props: PanelProps<LimitsPanelOptions>) {
  const { data, options, timeRange, timeZone, width, height, replaceVariables } = props;
  const from = timeRange.from.valueOf();
  const to = timeRange.to.valueOf();
  const { mapX, mapY, limits } = options;
  const [now, found] = useMemo(() => {
    const range = { from, to, now: nowWithin(to) };
    return [range.now, mapOf(data.series, { mapX, mapY, limits }, range)];
  }, [data.series, mapX, mapY, limits, from, to]);
  if (!found.map || !found.map.current) {
    const problems = found.map ? [] : found.problems;
    return (
      <NothingToDraw
        {...props}
        hint={problems.join(" ") || "Both series have no values at the same time in this range."}
      />
    );
  }
  return (
    <QualityMapView
      map={found.map}
      xSeries={found.xSeries}
      ySeries={found.ySeries}
      {...{ width, height, to, now, timeZone }}
      runbookUrl={replaceVariables(options.runbookUrl)}
      tooltipMode={options.tooltip.mode}
    />
  );
}
