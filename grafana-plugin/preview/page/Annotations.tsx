import { css } from "@emotion/css";
import { colorManipulator, type GrafanaTheme2 } from "@grafana/data";
import { useStyles2, useTheme2, type UPlotConfigBuilder } from "@grafana/ui";
import { createContext, useContext, useEffect, useLayoutEffect, useRef } from "react";
import type uPlot from "uplot";
import type { Annotation } from "./dashboard-data.ts";

/** What is marked on every graph of the page. */
export const AnnotationsContext = createContext<readonly Annotation[]>([]);

/** What is marked on the graphs in this time range; nothing when nothing is. */
export function AnnotationLegend() {
  const annotations = useContext(AnnotationsContext);
  const theme = useTheme2();
  const styles = useStyles2(getStyles);
  const colors = new Map(annotations.map(({ title, color }) => [title, color]));
  if (colors.size === 0) return null;
  return (
    <ul className={styles.legend} aria-label="Marked on the graphs">
      {[...colors].map(([title, color]) => (
        <li key={title} className={styles.entry}>
          <svg width={10} height={10} aria-hidden="true">
            <rect width={10} height={10} fill={theme.visualization.getColorByName(color)} />
          </svg>
          {title}
        </li>
      ))}
    </ul>
  );
}

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
        for (const { from, to } of regions) paint(drawn, from, to, shade);
      }
    };
    plot.current?.redraw(false);
  }, [annotations, theme]);
  return null;
}

function paint(plot: uPlot, from: number, to: number, shade: string): void {
  const { ctx } = plot;
  const { left, top, width, height } = plot.bbox;
  const within = (time: number) =>
    Math.min(left + width, Math.max(left, plot.valToPos(time, "x", true)));
  const [start, end] = [within(from), within(to)];
  // In the picture's pixels, of which a dense screen has several for one of the page.
  const line = devicePixelRatio;
  ctx.save();
  ctx.fillStyle = colorManipulator.alpha(shade, FILL);
  ctx.fillRect(start, top, end - start, height);
  ctx.fillStyle = colorManipulator.alpha(shade, EDGE);
  ctx.fillRect(start, top, line, height);
  ctx.fillRect(end - line, top, line, height);
  ctx.restore();
}

const getStyles = (theme: GrafanaTheme2) => ({
  legend: css({
    display: "flex",
    flexWrap: "wrap",
    gap: theme.spacing(2),
    margin: 0,
    padding: 0,
    listStyle: "none",
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
  }),
  entry: css({ display: "flex", alignItems: "center", gap: theme.spacing(0.75) }),
});
