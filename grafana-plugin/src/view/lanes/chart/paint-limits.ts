import { colorManipulator, type GrafanaTheme2 } from "@grafana/data";
import type uPlot from "uplot";
import type { Lane } from "../../../model/lane/lane.ts";
import { severityColor } from "../../states.ts";

/** How strongly the time outside is shaded, and the forbidden area. */
const OUTSIDE_ALPHA = 0.22;
const BEYOND_ALPHA = 0.06;
/** A stretch outside stays visible however short it is. */
const LEAST_WIDTH = 2;

/** Draws, below the series: the forbidden areas, the time outside, and the limits as dashed lines. */
export function paintLimits(u: uPlot, lane: Lane, theme: GrafanaTheme2): void {
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
