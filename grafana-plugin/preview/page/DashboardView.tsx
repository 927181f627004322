import { css } from "@emotion/css";
import { EventBusSrv, rangeUtil, type AbsoluteTimeRange, type GrafanaTheme2 } from "@grafana/data";
import { Alert, useStyles2 } from "@grafana/ui";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { AnnotationLegend, AnnotationsContext } from "./Annotations.tsx";
import { useDashboardData, type DashboardData } from "./dashboard-data.ts";
import { layOut } from "./grid.ts";
import { Header, VariablePickers, type OnUrl } from "./Header.tsx";
import { timeRange as readTimeRange, type ThemeName } from "./host.tsx";
import { useTidyStops } from "./keyboard.ts";
import { PanelBox } from "./PanelBox.tsx";
import type { Dashboard, DashboardList } from "./server-api.ts";
import { Troubles } from "./Troubles.tsx";
import type { UrlState } from "./url-state.ts";

/** How soon a Prometheus that is away is asked again. Milliseconds. */
const RETRY_MS = 5_000;

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
  const { panels = [] } = dashboard;
  const timeZone = url.timezone || dashboard.timezone || "browser";
  const [eventBus] = useState(() => new EventBusSrv());
  const [timeRange, refreshNow] = useTimeRange(dashboard, url, timeZone);
  const refresh = url.refresh ?? dashboard.refresh ?? "";
  const [grid, width] = useWidth();
  useTidyStops(grid);
  const data = useDashboardData({
    ...{ dashboard, timeRange, width, chosen: url.variables },
    scrapeIntervalMs: list.scrapeIntervalSeconds * 1_000,
  });
  useRefresh(refresh, data, refreshNow);
  const zoom = useCallback(
    ({ from, to }: AbsoluteTimeRange) =>
      onUrl({ from: String(Math.round(from)), to: String(Math.round(to)) }),
    [onUrl],
  );
  const { boxes, height } = useMemo(
    () =>
      layOut(
        (dashboard.panels ?? []).map(({ gridPos }) => gridPos),
        width,
      ),
    [dashboard, width],
  );
  return (
    <div className={styles.page}>
      <button type="button" className={styles.skip} onClick={() => grid.current?.focus()}>
        Skip to the panels
      </button>
      <Header
        {...{ dashboard, list, data, timeRange, timeZone, theme, refresh, onUrl }}
        onRefresh={refreshNow}
      />
      <main className={styles.content}>
        <VariablePickers
          variables={data.variables}
          onChange={(name, values) => onUrl({ variables: { ...url.variables, [name]: values } })}
        />
        <Troubles timeZone={timeZone} />
        {data.unreachable && (
          <Alert severity="error" title="Prometheus cannot be reached">
            Asking again every few seconds. What is shown below is what was known last.
          </Alert>
        )}
        {[...data.problems].map(([title, message]) => (
          <Alert key={title} severity="error" title={title}>
            {message}
          </Alert>
        ))}
        <AnnotationsContext.Provider value={data.annotations}>
          <AnnotationLegend />
          <div
            ref={grid}
            role="region"
            aria-label="Panels"
            tabIndex={-1}
            style={{ position: "relative", height: width > 0 ? height : 0 }}
          >
            {width > 0 &&
              panels.map((panel, index) => (
                <PanelBox
                  key={panel.id}
                  {...{ panel, timeZone, eventBus }}
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

/** The range that the address or the dashboard asks for, and a function that reads "now" again. */
function useTimeRange(dashboard: Dashboard, url: UrlState, timeZone: string) {
  const [moment, setMoment] = useState(0);
  const from = url.from ?? dashboard.time?.from ?? "now-6h";
  const to = url.to ?? dashboard.time?.to ?? "now";
  const range = useMemo(() => {
    try {
      return readTimeRange(from, to, timeZone);
    } catch {
      // An address may say anything.
      return readTimeRange("now-15m", "now", timeZone);
    }
    // eslint-disable-next-line react-hooks/exhaustive-deps -- another moment is another "now"
  }, [from, to, timeZone, moment]);
  return [range, useCallback(() => setMoment((count) => count + 1), [])] as const;
}

/**
 * Calls `refresh` every `interval` (like `5s`; empty for never), and sooner while Prometheus cannot
 * be reached. It waits while queries still run, and while nobody looks at the page.
 */
function useRefresh(
  interval: string,
  { busy, unreachable }: DashboardData,
  refresh: () => void,
): void {
  const isBusy = useRef(busy);
  useEffect(() => {
    isBusy.current = busy;
  });
  const wanted = rangeUtil.isValidTimeSpan(interval)
    ? Math.max(1_000, rangeUtil.intervalToMs(interval))
    : Infinity;
  const every = unreachable ? Math.min(wanted, RETRY_MS) : wanted;
  useEffect(() => {
    if (every === Infinity) return;
    const timer = setInterval(() => {
      if (!isBusy.current && !document.hidden) refresh();
    }, every);
    return () => clearInterval(timer);
  }, [every, refresh]);
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
