import { colorManipulator, type GrafanaTheme2 } from "@grafana/data";
import type uPlot from "uplot";
import type { QualityMap } from "../../model/map/quality-map.ts";
import type { Bound } from "../../model/limit.ts";

const POINT_RADIUS = 2;
const CURRENT_RADIUS = 8;
/** The oldest points stay visible, the newest are opaque. */
const FAINTEST = 0.15;

/** Draws the accepted region below everything else: what lies outside is shaded, its edge dashed. */
export function paintRegion(u: uPlot, map: QualityMap, theme: GrafanaTheme2): void {
  inPlot(u, (ctx, ratio) => {
    const { left, top, width, height } = u.bbox;
    const [x0, x1] = edges(map.region.x, left, left + width, (v) => u.valToPos(v, "x", true));
    const [y1, y0] = edges(map.region.y, top + height, top, (v) => u.valToPos(v, "y", true));
    if (!map.region.x && !map.region.y) return;
    ctx.fillStyle = colorManipulator.alpha(theme.colors.warning.main, 0.1);
    ctx.beginPath();
    ctx.rect(left, top, width, height);
    ctx.rect(x0, y0, x1 - x0, y1 - y0);
    ctx.fill("evenodd");
    ctx.fillStyle = colorManipulator.alpha(theme.colors.success.main, 0.06);
    ctx.fillRect(x0, y0, x1 - x0, y1 - y0);
    ctx.strokeStyle = theme.colors.warning.main;
    ctx.lineWidth = 1.5 * ratio;
    ctx.setLineDash([6 * ratio, 4 * ratio]);
    // Only where there is a limit: on the other sides the region is open.
    const { x, y } = map.region;
    if (x && "lower" in x) line(ctx, [x0, y0], [x0, y1]);
    if (x && "upper" in x) line(ctx, [x1, y0], [x1, y1]);
    if (y && "lower" in y) line(ctx, [x0, y1], [x1, y1]);
    if (y && "upper" in y) line(ctx, [x0, y0], [x1, y0]);
  });
}

/** Draws the points or their density, the trail of the mean, and the newest point. */
export function paintPoints(u: uPlot, map: QualityMap, theme: GrafanaTheme2): void {
  inPlot(u, (ctx, ratio) => {
    const x = (value: number) => u.valToPos(value, "x", true);
    const y = (value: number) => u.valToPos(value, "y", true);
    const alpha = (recency: number) => FAINTEST + (1 - FAINTEST) * recency;
    const inside = theme.visualization.getColorByName("blue");
    const outside = theme.colors.error.main;
    if (map.cells.length > 0) {
      // One moment among points must be seen, one message among thousands need not.
      const least = map.messages === undefined ? 0.2 : 0.05;
      const most = Math.max(...map.cells.map(({ count }) => count));
      for (const cell of map.cells) {
        // The square root keeps thinly filled cells visible beside crowded ones.
        const density = Math.sqrt(cell.count / most);
        const color = cell.inside === false ? outside : inside;
        ctx.fillStyle = colorManipulator.alpha(
          color,
          (least + (1 - least) * density) * alpha(cell.recency),
        );
        // Whole pixels: neighbours that share one would leave a seam.
        const left = wholePixel(x(cell.x));
        const right = wholePixel(x(cell.x + cell.width));
        const top = wholePixel(y(cell.y + cell.height));
        const bottom = wholePixel(y(cell.y));
        ctx.fillRect(left, top, right - left, bottom - top);
      }
    } else if (map.messages === undefined) {
      for (const point of map.points) {
        ctx.fillStyle = colorManipulator.alpha(
          point.inside ? inside : outside,
          alpha(point.recency),
        );
        dot(ctx, x(point.x), y(point.y), POINT_RADIUS * ratio);
      }
    }
    ctx.lineWidth = 1.5 * ratio;
    ctx.lineCap = "round";
    map.trail.slice(1).forEach((step, i) => {
      const before = map.trail[i]!;
      ctx.strokeStyle = colorManipulator.alpha(
        theme.colors.text.primary,
        alpha((i + 1) / (map.trail.length - 1)),
      );
      line(ctx, [x(before.x), y(before.y)], [x(step.x), y(step.y)]);
    });
    if (!map.current || map.ended) return;
    // A ring, so that the points below it stay visible where they are crowded.
    ctx.strokeStyle = map.current.inside ? theme.colors.text.primary : outside;
    ctx.lineWidth = 2 * ratio;
    ctx.beginPath();
    ctx.arc(x(map.current.x), y(map.current.y), CURRENT_RADIUS * ratio, 0, 2 * Math.PI);
    ctx.stroke();
  });
}

function inPlot(u: uPlot, paint: (ctx: CanvasRenderingContext2D, ratio: number) => void): void {
  const { ctx, bbox } = u;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  paint(ctx, globalThis.devicePixelRatio || 1);
  ctx.restore();
}

/** Edges that two cells share come out alike, though computed in two ways. */
function wholePixel(position: number): number {
  return Math.round(position + 1e-3);
}

function dot(ctx: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
  ctx.fill();
}

type Place = readonly [x: number, y: number];

function line(ctx: CanvasRenderingContext2D, from: Place, to: Place): void {
  ctx.beginPath();
  ctx.moveTo(...from);
  ctx.lineTo(...to);
  ctx.stroke();
}

/** Both edges of the region on one axis, in pixels; where there is no limit, those of the plot. */
function edges(
  bound: Bound | undefined,
  low: number,
  high: number,
  toPixel: (value: number) => number,
): [number, number] {
  return [
    bound && "lower" in bound ? toPixel(bound.lower) : low,
    bound && "upper" in bound ? toPixel(bound.upper) : high,
  ];
}
