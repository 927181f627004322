import { css } from "@emotion/css";
import type { GrafanaTheme2 } from "@grafana/data";
import { TextLink, useStyles2, useTheme2, type UPlotConfigBuilder } from "@grafana/ui";
import { createContext, useContext, useEffect, useLayoutEffect, useRef, useState } from "react";
import type uPlot from "uplot";
import type { Annotation } from "./dashboard-data.ts";

/** What is marked on every graph of the page. */
export const AnnotationsContext = createContext<readonly Annotation[]>([]);

/** What is marked on the graphs in this time range, with where to read more; nothing when nothing is. */
export function AnnotationLegend() {
  const annotations = useContext(AnnotationsContext);
  const theme = useTheme2();
  const styles = useStyles2(getStyles);
  const kinds = new Map(annotations.map((one) => [one.title, one]));
  if (kinds.size === 0) return null;
  return (
    <ul className={styles.legend} aria-label="Marked on the graphs">
      {[...kinds.values()].map(({ title, color, link }) => (
        <li key={title} className={styles.entry}>
          <svg width={3} height={12} aria-hidden="true">
            <rect width={3} height={12} fill={theme.visualization.getColorByName(color)} />
          </svg>
          {link ? (
            <TextLink href={link} external variant="bodySmall" color="secondary">
              {title}
            </TextLink>
          ) : (
            title
          )}
        </li>
      ))}
    </ul>
  );
}

/** Height of the bar below what took some time, in pixels of the page. */
const BAR = 3;
/** Width of what a pointer finds of a line, in pixels of the page. */
const REACH = 9;

/** A mark that leads somewhere, and where its line is in the graph, in pixels of the page. */
interface Place {
  readonly mark: Annotation;
  readonly left: number;
  readonly top: number;
  readonly height: number;
}

/**
 * Marks the page's annotations behind the curves of a graph: a thin line for a moment, and a bar along the
 * bottom between two lines for what took some time. Fills would lie over each other.
 */
export function AnnotationMarks({ config }: { config: UPlotConfigBuilder }) {
  const annotations = useContext(AnnotationsContext);
  const theme = useTheme2();
  const styles = useStyles2(getStyles);
  const plot = useRef<uPlot>(undefined);
  const draw = useRef<(plot: uPlot) => void>(undefined);
  const [places, setPlaces] = useState<readonly Place[]>([]);
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
      const found = annotations.flatMap((mark) => placesOf(drawn, mark));
      setPlaces((old) => (sameLines(old, found) ? old : found));
    };
    plot.current?.redraw(false);
  }, [annotations, theme]);
  // The list above the graphs has the same links for who does not point.
  return places.map(({ mark, ...style }, index) => (
    <a
      key={index}
      {...{ className: styles.mark, style, href: mark.link, title: mark.title, tabIndex: -1 }}
      {...{ target: "_blank", rel: "noreferrer", "aria-label": mark.title }}
    />
  ));
}

function sameLines(old: readonly Place[], found: readonly Place[]): boolean {
  const lines = (places: readonly Place[]) =>
    places.map(({ mark, left, top, height }) => [mark.title, mark.link, left, top, height]);
  return JSON.stringify(lines(old)) === JSON.stringify(lines(found));
}

function placesOf(plot: uPlot, mark: Annotation): readonly Place[] {
  if (!mark.link) return [];
  const { left, top, width, height } = plot.bbox;
  return mark.regions
    .map(({ from }) => plot.valToPos(from, "x", true))
    .filter((at) => at >= left && at <= left + width)
    .map((at) => ({
      ...{ mark, top: top / devicePixelRatio, height: height / devicePixelRatio },
      left: Math.round(at / devicePixelRatio - REACH / 2),
    }));
}

function paint(plot: uPlot, from: number, to: number, shade: string): void {
  const { ctx } = plot;
  const { left, top, width, height } = plot.bbox;
  // In the picture's pixels, of which a dense screen has several for one of the page.
  const line = devicePixelRatio;
  const [start, end] = [from, to].map((time) => plot.valToPos(time, "x", true)) as [number, number];
  const within = (at: number) => Math.min(left + width, Math.max(left, at));
  ctx.save();
  ctx.fillStyle = shade;
  for (const at of new Set([start, end])) {
    if (at >= left && at <= left + width) ctx.fillRect(Math.round(at), top, line, height);
  }
  const bar = BAR * line;
  if (end > start)
    ctx.fillRect(within(start), top + height - bar, within(end) - within(start), bar);
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
  mark: css({ position: "absolute", width: REACH, zIndex: 1 }),
});
