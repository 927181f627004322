import { colorManipulator } from "@grafana/data";
import { useTheme2, type UPlotConfigBuilder } from "@grafana/ui";
import { useContext, useEffect, useLayoutEffect, useRef } from "react";
import type uPlot from "uplot";
import { AnnotationsContext } from "./annotations-context.ts";

/** Faint, because several may lie over each other, and curves over all of them. */
const FILL = 0.08;
const EDGE = 0.45;

/** Marks the page's annotations behind the curves of a graph: a shade, and a line at each end. */
export function AnnotationRegions({ config }: { config: UPlotConfigBuilder }) {
  const annotations = useContext(AnnotationsContext);
  const theme = useTheme2();
  const plot = useRef<uPlot>(undefined);
  const draw = useRef<(plot: uPlot) => void>(undefined);
  useLayoutEffect(() => {
    config.addHook("init", (created) => {
      plot.current = created;
    });
    config.addHook("drawClear", (drawn) => draw.current?.(drawn));
  }, [config]);
  useEffect(() => {
    draw.current = (drawn) => {
      for (const { color, regions } of annotations) {
        const shade = theme.visualization.getColorByName(color);
        for (const { from, to } of regions) paint(drawn, { from, to, shade });
      }
    };
    plot.current?.redraw(false);
  }, [annotations, theme]);
  return null;
}

function paint(
  plot: uPlot,
  { from, to, shade }: { readonly from: number; readonly to: number; readonly shade: string },
): void {
  const { left, top, width, height } = plot.bbox;
  const within = (time: number) =>
    Math.min(left + width, Math.max(left, plot.valToPos(time, "x", true)));
  const [start, end] = [within(from), within(to)];
  // In the picture's pixels, of which a dense screen has several for one of the page.
  const line = devicePixelRatio;
  const { ctx } = plot;
  ctx.save();
  ctx.fillStyle = colorManipulator.alpha(shade, FILL);
  ctx.fillRect(start, top, end - start, height);
  ctx.fillStyle = colorManipulator.alpha(shade, EDGE);
  ctx.fillRect(start, top, line, height);
  ctx.fillRect(end - line, top, line, height);
  ctx.restore();
}
