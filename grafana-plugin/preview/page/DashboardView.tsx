import { css } from "@emotion/css";
import { EventBusSrv, type AbsoluteTimeRange, type GrafanaTheme2 } from "@grafana/data";
import { Button, useStyles2 } from "@grafana/ui";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { viewOf, type OnUrl, type View } from "./address.ts";
import { AnnotationLegend, AnnotationsContext } from "./Annotations.tsx";
import { Banners } from "./Banners.tsx";
import { useDashboardData, type DashboardData } from "./dashboard-data.ts";
import { layOut } from "./grid.ts";
import { Header, VariablePickers } from "./Header.tsx";
import { timeRange as readTimeRange, type ThemeName } from "./host.tsx";
import { useTidyStops } from "./keyboard.ts";
import { PanelBox } from "./PanelBox.tsx";
import type { Dashboard, DashboardList } from "./server-api.ts";
import { Troubles } from "./Troubles.tsx";
import { refreshMs, writeUrl, type UrlState } from "./url-state.ts";

/** How soon a Prometheus that is away is asked again. Milliseconds. */
const RETRY_MS = 5_000;

/** So many refreshes may come to nothing before the values are greyed out. */
const MISSED = 3;

/** Where a panel is that is shown alone. */
const ALONE = { x: 0, y: 0, w: 24, h: 20 };

interface DashboardViewProps {
  readonly dashboard: Dashboard;
  readonly list: DashboardList;
  readonly url: UrlState;
  readonly onUrl: OnUrl;
  readonly theme: ThemeName;
}

/** A whole dashboard: header, variables, panels. */
export function DashboardView({ dashboard, list, url, onUrl, theme }: DashboardViewProps) {
  const styles = useStyles2(getStyles);
  const view = useMemo(() => viewOf(url, dashboard), [url, dashboard]);
  const { timeZone, refresh, panel: only } = view;
  const panels = useMemo(() => {
    const all = dashboard.panels ?? [];
    const one = all.filter(({ id }) => id === only);
    return only === undefined ? all : one.map((panel) => ({ ...panel, gridPos: ALONE }));
  }, [dashboard, only]);
  const [eventBus] = useState(() => new EventBusSrv());
  const [timeRange, refreshNow] = useTimeRange(view);
  const [grid, width] = useWidth();
  const page = useRef<HTMLDivElement>(null);
  useTidyStops(page);
  const [data, overdue] = useDashboardData({
    ...{ dashboard, panels, timeRange, width, chosen: url.variables },
    scrapeIntervalMs: list.scrapeIntervalSeconds * 1_000,
  });
  useRefresh(refresh, data, refreshNow, overdue);
  const zoom = useCallback(
    ({ from, to }: AbsoluteTimeRange) =>
      onUrl({ from: String(Math.round(from)), to: String(Math.round(to)) }),
    [onUrl],
  );
  const { boxes, height } = useMemo(
    () =>
      layOut(
        panels.map(({ gridPos }) => gridPos),
        width,
      ),
    [panels, width],
  );
  const { silence } = data;
  // What links to other dashboards take along.
  const { from, to, variables } = url;
  const search = writeUrl({ from, to, variables });
  return (
    <div ref={page} className={styles.page}>
      <button type="button" className={styles.skip} onClick={() => grid.current?.focus()}>
        Skip to the panels
      </button>
      <Header
        {...{ dashboard, list, data, timeRange, timeZone, theme, refresh, onUrl }}
        onRefresh={refreshNow}
      />
      <main className={styles.content}>
        <VariablePickers
          variables={data.variables.filter(({ hidden }) => !hidden)}
          onChange={(name, values) => onUrl({ variables: { ...url.variables, [name]: values } })}
        />
        <Troubles timeZone={timeZone} />
        <Banners {...{ data, timeRange, timeZone }} refused={view.refused} />
        {only !== undefined && (
          <div>
            <Button variant="secondary" onClick={() => onUrl({ viewPanel: undefined })}>
              Show the whole dashboard
            </Button>
          </div>
        )}
        <AnnotationsContext.Provider value={data.annotations}>
          <AnnotationLegend />
          <div
            ref={grid}
            role="region"
            aria-label="Panels"
            tabIndex={-1}
            className={silence && silence.missed >= MISSED ? styles.old : styles.grid}
            style={{ height: width > 0 ? height : 0 }}
          >
            {width > 0 &&
              panels.map((panel, index) => (
                <PanelBox
                  key={panel.id}
                  {...{ panel, timeZone, eventBus, search }}
                  box={boxes[index]!}
                  data={data.panels.get(panel.id)}
                  onChangeTimeRange={zoom}
                />
              ))}
          </div>
        </AnnotationsContext.Provider>
      </main>
    </div>
  );
}

/** The range that is shown, and a function that reads "now" again. */
function useTimeRange({ from, to, timeZone }: Pick<View, "from" | "to" | "timeZone">) {
  const [moment, setMoment] = useState(0);
  const range = useMemo(
    () => readTimeRange(from, to, timeZone),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- another moment is another "now"
    [from, to, timeZone, moment],
  );
  return [range, useCallback(() => setMoment((count) => count + 1), [])] as const;
}

/**
 * Calls `refresh` every `interval` (like `5s`; empty for never), and sooner while Prometheus cannot
 * be reached. It waits while nobody looks at the page, and while queries still run, of which `overdue` is
 * told.
 */
function useRefresh(
  interval: string,
  { busy, silence }: DashboardData,
  refresh: () => void,
  overdue: () => void,
): void {
  const isBusy = useRef(busy);
  useEffect(() => {
    isBusy.current = busy;
  });
  const wanted = refreshMs(interval) ?? Infinity;
  const every = silence ? Math.min(wanted, RETRY_MS) : wanted;
  useEffect(() => {
    if (every === Infinity) return;
    const timer = setInterval(() => {
      if (document.hidden) return;
      if (isBusy.current) overdue();
      else refresh();
    }, every);
    return () => clearInterval(timer);
  }, [every, refresh, overdue]);
}

/** An element's width in whole pixels, 0 before it is known; it follows the window. */
function useWidth() {
  const element = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    if (!element.current) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setWidth(Math.floor(entry.contentRect.width));
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return [element, width] as const;
}

const getStyles = (theme: GrafanaTheme2) => ({
  content: css({ display: "flex", flexDirection: "column", gap: theme.spacing(1.5) }),
  skip: css({
    position: "fixed",
    top: theme.spacing(1),
    left: theme.spacing(1),
    zIndex: theme.zIndex.tooltip,
    padding: theme.spacing(1, 2),
    "&:not(:focus)": { clipPath: "inset(50%)" },
  }),
  grid: css({ position: "relative" }),
  old: css({ position: "relative", filter: "grayscale(1)", opacity: 0.6 }),
  page: css({
    minHeight: "100vh",
    padding: theme.spacing(2),
    display: "flex",
    flexDirection: "column",
    gap: theme.spacing(1.5),
    background: theme.colors.background.canvas,
    [theme.breakpoints.down("md")]: { padding: theme.spacing(1) },
  }),
});
