import type { GrafanaTheme2, TimeZone } from "@grafana/data";
import {
  AxisPlacement,
  GraphDrawStyle,
  ScaleDirection,
  ScaleOrientation,
  VisibilityMode,
} from "@grafana/schema";
import { UPlotConfigBuilder } from "@grafana/ui";
import type { Lane } from "../../../model/lane/lane.ts";
import { paintLimits } from "./paint-limits.ts";
import { valueRange } from "./value-range.ts";

/** Width of every value axis, so that times stand below each other in all lanes. Pixels. */
export const AXIS_WIDTH = 72;

/** Free space to the right of every plot. Pixels. */
export const CHART_RIGHT = 8;

/** What changes with every refresh; read when the chart is drawn, so that it is never rebuilt. */
export interface ChartContent {
  readonly lane: Lane;
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  readonly format: (value: number) => string;
}

/** What a chart is built for. */
export interface ChartLook {
  readonly theme: GrafanaTheme2;
  readonly timeZone: TimeZone;
  readonly color: string;
  readonly lineWidth: number;
  readonly showTimeAxis: boolean;
  /** What a screen reader says when the chart takes the focus. */
  readonly label: string;
}

/** The chart of one lane: a time axis, a value axis that holds every limit, and the series. */
export function chartConfig(look: ChartLook, content: () => ChartContent): UPlotConfigBuilder {
  const { theme, timeZone, color, lineWidth, showTimeAxis } = look;
  const builder = new UPlotConfigBuilder(timeZone);
  builder.addScale({
    scaleKey: "x",
    isTime: true,
    orientation: ScaleOrientation.Horizontal,
    direction: ScaleDirection.Right,
    range: () => [content().from, content().to],
  });
  builder.addScale({
    scaleKey: "y",
    orientation: ScaleOrientation.Vertical,
    direction: ScaleDirection.Up,
    range: (_, min, max) => valueRange(min, max, content().lane.limits),
  });
  builder.addAxis({
    scaleKey: "x",
    theme,
    isTime: true,
    timeZone,
    placement: AxisPlacement.Bottom,
    show: showTimeAxis,
    grid: { show: true },
  });
  builder.addAxis({
    scaleKey: "y",
    theme,
    placement: AxisPlacement.Left,
    size: AXIS_WIDTH,
    space: 28,
    grid: { show: true },
    formatValue: (value: number) => content().format(value),
  });
  builder.addSeries({
    scaleKey: "y",
    theme,
    drawStyle: GraphDrawStyle.Line,
    lineColor: color,
    lineWidth,
    // A single value between gaps would be no line, so it is drawn as a point.
    showPoints: VisibilityMode.Auto,
    pointSize: 4,
    pointColor: color,
    spanNulls: false,
    pxAlign: false,
  });
  builder.setCursor({ x: true, y: false, focus: { prox: -1 } });
  builder.setPadding([6, CHART_RIGHT, showTimeAxis ? 0 : 6, 0]);
  builder.addHook("drawClear", (u) => paintLimits(u, content().lane, theme));
  builder.addHook("init", (u) => {
    u.root.setAttribute("role", "img");
    u.root.setAttribute("aria-label", look.label);
  });
  return builder;
}
