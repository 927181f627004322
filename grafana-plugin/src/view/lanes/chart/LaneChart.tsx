import { type Field, getFieldSeriesColor, type GrafanaTheme2, type TimeZone } from "@grafana/data";
import {
  EventBusPlugin,
  KeyboardPlugin,
  TooltipPlugin2,
  UPlotChart,
  usePanelContext,
  useTheme2,
} from "@grafana/ui";
import { DashboardCursorSync, TooltipDisplayMode } from "@grafana/schema";
import { useMemo } from "react";
import type uPlot from "uplot";
import { decimate, markGaps } from "../../../model/decimate.ts";
import { GAP_INTERVALS } from "../../../model/lane/outside.ts";
import { axisFormat } from "../../formats.ts";
import { stateColor } from "../../states.ts";
import { useLatest } from "../../use-latest.ts";
import { usePlot } from "../../use-plot.ts";
import type { LimitedSeries } from "../../use-lanes.ts";
import { chartConfig, type ChartContent } from "./chart-config.ts";
import { LaneTooltip } from "./LaneTooltip.tsx";

/** All charts of one panel share the crosshair and, when told so, the tooltip. */
export interface ChartSettings {
  readonly from: number;
  readonly to: number;
  /** When "now" is, milliseconds since 1970. */
  readonly now: number;
  readonly timeZone: TimeZone;
  readonly tooltipMode: TooltipDisplayMode;
  readonly maxTooltipHeight: number | undefined;
  readonly maxTooltipWidth: number | undefined;
  /** Names the charts of this panel that move together when the dashboard does not share. */
  readonly scope: string;
  readonly onZoom: (range: { from: number; to: number }) => void;
}

interface Props extends ChartSettings {
  readonly item: LimitedSeries;
  /** Every lane, for a tooltip that shows all. */
  readonly all: readonly LimitedSeries[];
  readonly width: number;
  readonly height: number;
  readonly showTimeAxis: boolean;
}

const CROSSHAIR_OF_ALL = 1;

/** The values of one lane over time with its limits; draws no more than the screen can show. */
export function LaneChart(props: Props) {
  const { item, all, width, height, from, to, timeZone, showTimeAxis, scope } = props;
  const { lane, series } = item;
  const theme = useTheme2();
  const { eventBus, sync, eventsScope } = usePanelContext();
  const syncMode = sync?.() ?? DashboardCursorSync.Off;
  // Grey like its figures: what has ended must not look like what is.
  const color =
    lane.state === "stale" ? stateColor(theme, lane.state) : seriesColor(series.field, theme);
  const { lineWidth } = (series.field.config.custom ?? {}) as { readonly lineWidth?: unknown };

  const data = useMemo<uPlot.AlignedData>(() => {
    // Gaps first: what is left out afterwards would look like one.
    const whole = markGaps(lane, GAP_INTERVALS * lane.interval);
    const points = decimate(whole.times, whole.values, from, to, width);
    return [points.times as number[], points.values as (number | null)[]];
  }, [lane, from, to, width]);

  const content = useLatest<ChartContent>({
    lane,
    from,
    to,
    format: (largest) => axisFormat(series.field, largest),
  });
  const plotRef = usePlot(data);

  const label = `${lane.name} over time. Arrow keys move the crosshair.`;
  const config = useMemo(
    () =>
      chartConfig(
        {
          theme,
          timeZone,
          color,
          lineWidth: typeof lineWidth === "number" ? lineWidth : 1,
          showTimeAxis,
          label,
        },
        content,
      ),
    [theme, timeZone, color, lineWidth, showTimeAxis, label, content],
  );

  return (
    <UPlotChart config={config} data={data} width={width} height={height} plotRef={plotRef}>
      <KeyboardPlugin config={config} />
      <EventBusPlugin config={config} eventBus={eventBus} frame={series.frame} />
      {props.tooltipMode !== TooltipDisplayMode.None && (
        <TooltipPlugin2
          config={config}
          hoverMode={CROSSHAIR_OF_ALL}
          syncMode={syncMode === DashboardCursorSync.Off ? DashboardCursorSync.Crosshair : syncMode}
          syncScope={syncMode === DashboardCursorSync.Off ? scope : eventsScope}
          queryZoom={props.onZoom}
          maxWidth={props.maxTooltipWidth}
          render={(u, indices, _, isPinned) => {
            const time = timeUnderCursor(u, indices);
            return time === undefined ? null : (
              <LaneTooltip
                {...{ time, item, isPinned, timeZone }}
                all={props.tooltipMode === TooltipDisplayMode.Multi ? all : [item]}
                maxHeight={props.maxTooltipHeight}
              />
            );
          }}
        />
      )}
    </UPlotChart>
  );
}

/** Grafana's colour of a series; the panel's own where a stored one is of no kind that it knows. */
function seriesColor(field: Field, theme: GrafanaTheme2): string {
  try {
    return getFieldSeriesColor(field, theme).color;
  } catch {
    return theme.visualization.getColorByName("blue");
  }
}

function timeUnderCursor(u: uPlot, indices: readonly (number | null)[]): number | undefined {
  const index = indices[1] ?? indices[0];
  return index === null || index === undefined ? undefined : u.data[0][index];
}
