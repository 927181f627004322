import type { GrafanaTheme2 } from "@grafana/data";
import {
  AxisPlacement,
  GraphDrawStyle,
  ScaleDirection,
  ScaleOrientation,
  VisibilityMode,
} from "@grafana/schema";
import { UPlotConfigBuilder } from "@grafana/ui";
import type { QualityMap } from "../../model/map/quality-map.ts";
import { paintPoints, paintRegion } from "./paint-map.ts";

/** What changes with every refresh; read when the map is drawn, so that it is never rebuilt. */
export interface MapContent {
  readonly map: QualityMap;
  readonly formatX: (value: number) => string;
  readonly formatY: (value: number) => string;
}

/** What a map is built for. */
export interface MapLook {
  readonly theme: GrafanaTheme2;
  readonly xName: string;
  readonly yName: string;
  /** Whether there is room for the axes' names. */
  readonly isNamed: boolean;
  /** What a screen reader says when the map takes the focus. */
  readonly label: string;
}

/** Two value axes; the region, the points and the trail are painted over uPlot's empty series. */
export function mapConfig(look: MapLook, content: () => MapContent): UPlotConfigBuilder {
  const { theme, xName, yName, isNamed, label } = look;
  const builder = new UPlotConfigBuilder();
  builder.addScale({
    scaleKey: "x",
    isTime: false,
    orientation: ScaleOrientation.Horizontal,
    direction: ScaleDirection.Right,
    range: () => [...content().map.extent.x],
  });
  builder.addScale({
    scaleKey: "y",
    orientation: ScaleOrientation.Vertical,
    direction: ScaleDirection.Up,
    range: () => [...content().map.extent.y],
  });
  builder.addAxis({
    scaleKey: "x",
    theme,
    isTime: false,
    ...(isNamed && { label: xName }),
    placement: AxisPlacement.Bottom,
    grid: { show: true },
    formatValue: (value: number) => content().formatX(value),
  });
  builder.addAxis({
    scaleKey: "y",
    theme,
    ...(isNamed && { label: yName }),
    placement: AxisPlacement.Left,
    grid: { show: true },
    formatValue: (value: number) => content().formatY(value),
  });
  builder.addSeries({
    scaleKey: "y",
    theme,
    drawStyle: GraphDrawStyle.Points,
    showPoints: VisibilityMode.Never,
    pointSize: 5,
    pointColor: theme.colors.text.primary,
    lineColor: theme.colors.text.primary,
    // Nothing of its own: time gives the points their order and brightness, which uPlot has no word for.
    pathBuilder: () => null,
    pointsBuilder: () => false,
  });
  builder.setCursor({ x: true, y: true, focus: { prox: -1 }, drag: { x: false, y: false } });
  // Half of the last label of the horizontal axis, and the tails of its name.
  builder.setPadding([8, 24, 4, 0]);
  builder.addHook("drawClear", (u) => paintRegion(u, content().map, theme));
  builder.addHook("draw", (u) => paintPoints(u, content().map, theme));
  builder.addHook("init", (u) => {
    u.root.setAttribute("role", "img");
    u.root.setAttribute("aria-label", label);
  });
  return builder;
}
