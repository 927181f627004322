import { css } from "@emotion/css";
import {
  EventBusSrv,
  type AbsoluteTimeRange,
  type GrafanaTheme2,
  type TimeRange,
} from "@grafana/data";
import { Alert, useStyles2 } from "@grafana/ui";
import { useCallback, useMemo, useState } from "react";
import { pageMoments, publishPage } from "../host/page-values.ts";
import type { ThemeName } from "../host/themes.ts";
import { timeRange as readTimeRange } from "../time/range.ts";
import { Grid } from "./Grid.tsx";
import { AnnotationsContext } from "../panels/annotations-context.ts";
import { AnnotationLegend } from "./AnnotationLegend.tsx";
import { Header } from "./Header.tsx";
import type { DashboardList } from "./preview-api.ts";
import { queryLookup, replaceWith } from "./replace.ts";
import type { Dashboard } from "./schema.ts";
import { Troubles } from "./Troubles.tsx";
import type { UrlState } from "./url-state.ts";
import { useActivity } from "./useActivity.ts";
import { useAnnotations } from "./useAnnotations.ts";
import { useRefresh } from "./useRefresh.ts";
import { useVariables } from "./useVariables.ts";
import { VariablePickers } from "./VariablePickers.tsx";

/** A dashboard and what the address says about it. */
export interface DashboardViewProps {
  readonly dashboard: Dashboard;
  readonly list: DashboardList;
  readonly url: UrlState;
  readonly onUrl: (change: Partial<UrlState>) => void;
  readonly theme: ThemeName;
}

const NO_PANELS: NonNullable<Dashboard["panels"]> = [];

/** A whole dashboard: header, variables, panels. */
export function DashboardView({ dashboard, list, url, onUrl, theme }: DashboardViewProps) {
  const styles = useStyles2(getStyles);
  const timeZone = url.timezone || dashboard.timezone || "browser";
  const [eventBus] = useState(() => new EventBusSrv());
  const [range, refreshNow] = useTimeRange(dashboard, url, timeZone);
  const refresh = url.refresh ?? (dashboard.refresh || "");
  const { variables, problem } = useVariables(dashboard, range, url.variables);
  const [activity, report] = useActivity();
  const unreachable = activity.unreachable || problem?.unreachable === true;
  useRefresh(refresh, { busy: activity.busy, unreachable }, refreshNow);

  const lookup = useMemo(
    () => variables && queryLookup(variables, range, dashboard),
    [variables, range, dashboard],
  );
  const scrapeIntervalMs = list.scrapeIntervalSeconds * 1_000;
  const marked = useAnnotations(dashboard, range, lookup, scrapeIntervalMs);
  const replace = useMemo(
    () => replaceWith(variables ?? [], pageMoments, dashboard),
    [variables, dashboard],
  );
  publishPage({ variables: variables ?? [], range, replace });

  const setRange = useCallback(
    ({ raw }: Pick<TimeRange, "raw">) => onUrl({ from: urlTime(raw.from), to: urlTime(raw.to) }),
    [onUrl],
  );
  const zoom = useCallback(
    ({ from, to }: AbsoluteTimeRange) =>
      onUrl({ from: String(Math.round(from)), to: String(Math.round(to)) }),
    [onUrl],
  );
  return (
    <div className={styles.page}>
      <Header
        {...{ dashboard, timeZone, theme, replace, refresh }}
        dashboards={list.dashboards}
        onDashboard={(uid) => onUrl({ dashboard: uid, variables: {} })}
        timeRange={range}
        onTimeRange={setRange}
        onTimeZone={(timezone) => onUrl({ timezone })}
        onRefreshInterval={(interval) => onUrl({ refresh: interval })}
        onRefresh={refreshNow}
        isLoading={activity.busy}
        updated={activity.updated}
        onTheme={(next) => onUrl({ theme: next })}
      />
      <main className={styles.content}>
        <VariablePickers
          variables={variables ?? []}
          onChange={(name, values) => onUrl({ variables: { ...url.variables, [name]: values } })}
        />
        <Troubles timeZone={timeZone} />
        {unreachable && (
          <Alert severity="error" title="Prometheus cannot be reached">
            Asking again every few seconds. What is shown below is what was known last.
          </Alert>
        )}
        {problem && !problem.unreachable && (
          <Alert severity="error" title="The variables cannot be found">
            {problem.message}
          </Alert>
        )}
        {marked.problem && (
          <Alert severity="error" title="The annotations cannot be found">
            {marked.problem}
          </Alert>
        )}
        <AnnotationLegend annotations={marked.annotations} />
        <AnnotationsContext.Provider value={marked.annotations}>
          <Grid
            {...{ timeZone, eventBus, replace, lookup, scrapeIntervalMs }}
            panels={dashboard.panels ?? NO_PANELS}
            timeRange={range}
            onState={report}
            onChangeTimeRange={zoom}
          />
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

function urlTime(end: TimeRange["raw"]["from"]): string {
  return typeof end === "string" ? end : String(end.valueOf());
}

const getStyles = (theme: GrafanaTheme2) => ({
  content: css({ display: "flex", flexDirection: "column", gap: theme.spacing(1.5) }),
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
