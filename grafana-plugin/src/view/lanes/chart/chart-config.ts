import { colorManipulator, type GrafanaTheme2, type TimeZone } from "@grafana/data";
import {
  AxisPlacement,
  GraphDrawStyle,
  ScaleDirection,
  ScaleOrientation,
  VisibilityMode,
} from "@grafana/schema";
import { UPlotConfigBuilder } from "@grafana/ui";
import type uPlot from "uplot";
import type { Lane } from "../../../model/lane/lane.ts";
import type { Limit } from "../../../model/limit.ts";
import { severityColor } from "../../states.ts";

/** Width of every value axis, so that times stand below each other in all lanes. Pixels. */
export const AXIS_WIDTH = 72;

/** Free space to the right of every plot. Pixels. */
export const CHART_RIGHT = 8;

/** Half of the last label of a chart's own time axis. Pixels. */
const LABEL_RIGHT = 20;

/** What changes with every refresh; read when the chart is drawn, so that it is never rebuilt. */
export interface ChartContent {
  readonly lane: Lane;
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  /** Writes the numbers of an axis up to the largest. */
  readonly format: (largest: number) => (value: number) => string;
}

/** What a chart is built for. */
interface ChartLook {
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
  let write: (value: number) => string = String;
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
    range: (_, min, max) => {
      const [low, high] = valueRange(min, max, content().lane.limits);
      write = content().format(Math.max(-low, high));
      return [low, high];
    },
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
    space: 20,
    grid: { show: true },
    formatValue: (value: number) => write(value),
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
  builder.setPadding([6, showTimeAxis ? LABEL_RIGHT : CHART_RIGHT, showTimeAxis ? 0 : 6, 0]);
  builder.addHook("drawClear", (u) => paintLimits(u, content().lane, theme));
  builder.addHook("init", (u) => {
    u.root.setAttribute("role", "img");
    u.root.setAttribute("aria-label", look.label);
  });
  return builder;
}

const MARGIN = 0.08;

/**
 * The extent of the value axis: all values and every limit, so that the distance between them is
 * seen at its true size. Zero is the floor when nothing lies below it. The limits hold the axis still:
 * a value that leaves them moves it, to the next round number, and not with every refresh.
 *
 * @param min - smallest value, null without values
 * @param max - largest value, null without values
 */
export function valueRange(
  min: number | null,
  max: number | null,
  limits: readonly Limit[],
): [number, number] {
  const edges = limits.flatMap((limit) => [
    ...("lower" in limit ? [limit.lower] : []),
    ...("upper" in limit ? [limit.upper] : []),
  ]);
  const values = [min, max].filter((v): v is number => v !== null && Number.isFinite(v));
  const known = [...values, ...edges].filter(Number.isFinite);
  if (known.length === 0) return [0, 1];
  const low = Math.min(0, ...known);
  const high = Math.max(0, ...known);
  const margin = (high - low) * MARGIN;
  const end = (edge: number) =>
    edge === 0 ? 0 : edges.includes(edge) ? edge + Math.sign(edge) * margin : roundOut(edge);
  return low === high ? [0, 1] : [end(low), end(high)];
}

/** The next number of one digit that is larger in size: 0.74 is 0.8, and 23 is 30. */
function roundOut(value: number): number {
  const digit = 10 ** Math.floor(Math.log10(Math.abs(value)));
  const rounded = digit * Math.ceil(Math.abs(value) / digit);
  return Number.isFinite(rounded) && rounded > 0 ? Math.sign(value) * rounded : value;
}

/** How strongly the time outside is shaded, and the forbidden area. */
const OUTSIDE_ALPHA = 0.22;
const BEYOND_ALPHA = 0.06;
/** A stretch outside stays visible however short it is. */
const LEAST_WIDTH = 2;

/** Draws, below the series: the forbidden areas, the time outside, and the limits as dashed lines. */
function paintLimits(u: uPlot, lane: Lane, theme: GrafanaTheme2): void {
  const { ctx } = u;
  const { left, top, width, height } = u.bbox;
  const ratio = globalThis.devicePixelRatio || 1;
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, width, height);
  ctx.clip();
  for (const { start, end, severity } of lane.outside.breaches) {
    const x = u.valToPos(start, "x", true);
    const breadth = Math.max(LEAST_WIDTH * ratio, u.valToPos(end, "x", true) - x);
    ctx.fillStyle = colorManipulator.alpha(severityColor(theme, severity), OUTSIDE_ALPHA);
    ctx.fillRect(x, top, breadth, height);
  }
  for (const limit of lane.limits) {
    const color = severityColor(theme, limit.severity);
    if ("upper" in limit) {
      const y = u.valToPos(limit.upper, "y", true);
      paintEdge(ctx, color, { y, beyond: top - y, left, width, ratio });
    }
    if ("lower" in limit) {
      const y = u.valToPos(limit.lower, "y", true);
      paintEdge(ctx, color, { y, beyond: top + height - y, left, width, ratio });
    }
  }
  ctx.restore();
}

interface Edge {
  readonly y: number;
  /** Height of the forbidden area from `y` on; negative upwards. */
  readonly beyond: number;
  readonly left: number;
  readonly width: number;
  readonly ratio: number;
}

function paintEdge(ctx: CanvasRenderingContext2D, color: string, edge: Edge): void {
  const { y, beyond, left, width, ratio } = edge;
  ctx.fillStyle = colorManipulator.alpha(color, BEYOND_ALPHA);
  ctx.fillRect(left, y, width, beyond);
  ctx.strokeStyle = color;
  ctx.lineWidth = 1.5 * ratio;
  ctx.setLineDash([6 * ratio, 4 * ratio]);
  ctx.beginPath();
  ctx.moveTo(left, y);
  ctx.lineTo(left + width, y);
  ctx.stroke();
}
