import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import {
  AnnotationQueryBuilder,
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  type GridPos,
  type Panel,
  QueryVariableBuilder,
  TimePickerBuilder,
  VariableHide,
  VariableRefresh,
  VariableSort,
} from "@grafana/grafana-foundation-sdk/dashboard";
import type { Limit } from "@headroom/alerts/limits";
import { SERIES } from "./appearance.ts";
import { JOB, K6, series } from "./expressions.ts";
import { DATA_SOURCE } from "./query.ts";
import type { Runbook } from "./runbooks.ts";

/** What every dashboard is made from. */
export interface DashboardParts {
  readonly limits: readonly Limit[];
  readonly runbooks: readonly Runbook[];
  /** Address below which runbooks are served, without a slash at its end. */
  readonly runbooksAt: string;
  /** Where the dashboard comes from, in a sentence. */
  readonly origin: string;
}

/** A dashboard that Grafana's addresses can name. */
export type NamedDashboard = Dashboard & { readonly uid: string };

/** A panel that has no place yet. */
type PanelMaker = Builder<Panel> & {
  id(id: number): unknown;
  gridPos(at: GridPos): unknown;
};

/** Panels of one height that share the width of the dashboard. */
export interface Row {
  /** In units of Grafana's grid: 30 pixels and a gap of 8. */
  readonly height: number;
  /** As many as divide the 24 columns. */
  readonly panels: readonly PanelMaker[];
}

/** By it the dashboards find each other. */
const TAG = "headroom";

/** A dashboard in Grafana's JSON (schema version 1), with what all of them share. */
export function headroomDashboard(
  { origin, runbooksAt }: DashboardParts,
  own: {
    readonly uid: string;
    readonly title: string;
    readonly rows: readonly Row[];
    /** Those beside `instance`. */
    readonly variables?: readonly QueryVariableBuilder[];
  },
): NamedDashboard {
  const dashboard = new DashboardBuilder(own.title)
    .uid(own.uid)
    .description(origin)
    .tags([TAG])
    .timezone("browser")
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: "now-15m", to: "now" })
    .refresh("5s")
    .timepicker(new TimePickerBuilder().refreshIntervals(["5s", "10s", "30s", "1m", "5m"]))
    .links([linksToTheOthers()])
    .annotations(annotations(runbooksAt));
  for (const variable of [...[instanceVariable(), ...(own.variables ?? [])], legendVariable()]) {
    dashboard.withVariable(variable);
  }
  for (const panel of placed(own.rows)) dashboard.withPanel(panel);
  return { ...dashboard.build(), uid: own.uid };
}

/** Grafana fills in the dashboards with the tag; time and exporters stay as they were chosen. */
const linksToTheOthers = (): DashboardLinkBuilder =>
  new DashboardLinkBuilder("Headroom")
    .type(DashboardLinkType.Dashboards)
    .tags([TAG])
    .asDropdown(false)
    .keepTime(true)
    .includeVars(true);

/** The variable `instance`: one, some or all exporters, found by their `headroom_build_info`. */
const instanceVariable = (): QueryVariableBuilder =>
  labelVariable({
    name: "instance",
    label: "Exporter",
    description: "Address of the exporters to show.",
    query: "label_values(headroom_build_info, instance)",
  });

/**
 * The variable `exporter` that only fills legends: they name the exporter where several are chosen, and one
 * alone has no need of it.
 */
function legendVariable(): QueryVariableBuilder {
  const query =
    'query_result(label_replace(count(headroom_build_info{instance=~"$instance"}) > 1, ' +
    '"legend", ", {{instance}}", "", ""))';
  return new QueryVariableBuilder("exporter")
    .datasource(DATA_SOURCE)
    .query({ qryType: 3, query, refId: "PrometheusVariableQueryEditor-VariableQuery" })
    .definition(query)
    .regex('/legend="(.*)"/')
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .hide(VariableHide.HideVariable);
}

/** A variable of a dashboard: one, some or all values of a label, as `query` finds them. */
export function labelVariable(own: {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  /** `label_values(series, label)`. */
  readonly query: string;
}): QueryVariableBuilder {
  const { query } = own;
  return (
    new QueryVariableBuilder(own.name)
      .label(own.label)
      .description(own.description)
      .datasource(DATA_SOURCE)
      .query({ qryType: 1, query, refId: "PrometheusVariableQueryEditor-VariableQuery" })
      .definition(query)
      .refresh(VariableRefresh.OnTimeRangeChanged)
      .sort(VariableSort.AlphabeticalAsc)
      .multi(true)
      .includeAll(true)
      // Not the list of all known ones: a series may lack the label, as an alert about a lost
      // exporter has no instance.
      .allValue(".*")
      .current({ text: ["All"], value: ["$__all"] })
  );
}

/** Columns of Grafana's grid. */
const COLUMNS = 24;

/** Numbers the panels from 1 and shares the width of each row among its own. */
function placed(rows: readonly Row[]): readonly PanelMaker[] {
  const all: PanelMaker[] = [];
  let y = 0;
  for (const { height, panels } of rows) {
    const width = Math.floor(COLUMNS / panels.length);
    panels.forEach((panel, i) => {
      panel.gridPos({ x: i * width, y, w: width, h: height });
      all.push(panel);
      panel.id(all.length);
    });
    y += height;
  }
  return all;
}

/**
 * What is marked on the time axis of every graph: load runs, from the samples above 0 that follow each other
 * by `step`, and the incidents of the exporters, each as one thin line where it began, which its value tells.
 */
function annotations(runbooksAt: string): AnnotationQueryBuilder[] {
  // Of one that was open between two steps of a long range, a minute later too.
  const began = "1000 * last_over_time(headroom_incident_started_timestamp_seconds[1m])";
  // Whoever tells the incidents process of an alert may be no exporter that is shown. `up` is there also
  // while an exporter is not, so that a fleet need not read an hour of each.
  const ofExporters = `label_replace(${series("up", JOB)}, "exporter", "$1", "instance", "(.*)")`;
  return [
    // The virtual users would not do: those at work are 0 whenever answers are quick, and what k6 sent
    // last stays for five minutes after its run. A range forgets it sooner.
    mark("Load runs", `sum(rate(${K6.requests}[15s]))`, SERIES[0]).titleFormat("Load run"),
    mark("Incidents", `${began} and on (exporter) ${ofExporters}`, SERIES[2])
      .useValueForTime(true)
      .titleFormat("Incident: {{alert}}")
      .textFormat(`{{severity}} <a href="${runbooksAt}/{{alert}}" target="_blank">Runbook</a>`)
      .tagKeys("severity"),
  ];
}

const mark = (name: string, expr: string, colour: string): AnnotationQueryBuilder =>
  new AnnotationQueryBuilder()
    .name(name)
    .datasource(DATA_SOURCE)
    .enable(true)
    .iconColor(colour)
    .expr(expr)
    .step("5s");
