import type { Dashboard, QueryVariableBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import {
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  TimePickerBuilder,
} from "@grafana/grafana-foundation-sdk/dashboard";
import type { Limit } from "@headroom/alerts/limits";
import { annotations } from "./annotations.ts";
import { instanceVariable } from "./instance.ts";
import type { Row } from "./layout.ts";
import { placed } from "./layout.ts";
import type { Runbook } from "./runbooks.ts";

/** What every dashboard is made from. */
export interface DashboardParts {
  readonly limits: readonly Limit[];
  readonly runbooks: readonly Runbook[];
  /** Where the dashboard comes from, in a sentence. */
  readonly origin: string;
}

/** A dashboard that Grafana's addresses can name. */
export type NamedDashboard = Dashboard & { readonly uid: string };

/** By it the dashboards find each other. */
const TAG = "headroom";

/** A dashboard in Grafana's JSON (schema version 1), with what all of them share. */
export function headroomDashboard(own: {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly rows: readonly Row[];
  /** Those beside `instance`. */
  readonly variables?: readonly QueryVariableBuilder[];
}): NamedDashboard {
  const dashboard = new DashboardBuilder(own.title)
    .uid(own.uid)
    .description(own.description)
    .tags([TAG])
    .timezone("browser")
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: "now-15m", to: "now" })
    .refresh("5s")
    .timepicker(new TimePickerBuilder().refreshIntervals(["5s", "10s", "30s", "1m", "5m"]))
    .links([linksToTheOthers()])
    .annotations([...annotations()]);
  for (const variable of [instanceVariable(), ...(own.variables ?? [])]) {
    dashboard.withVariable(variable);
  }
  for (const panel of placed(own.rows)) dashboard.withPanel(panel);
  return { ...dashboard.build(), uid: own.uid };
}

/** Grafana fills in the dashboards with the tag; time and exporters stay as they were chosen. */
function linksToTheOthers(): DashboardLinkBuilder {
  return new DashboardLinkBuilder("Headroom")
    .type(DashboardLinkType.Dashboards)
    .tags([TAG])
    .asDropdown(false)
    .keepTime(true)
    .includeVars(true);
}
