import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  ReduceDataOptionsBuilder,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizOrientation,
} from "@grafana/grafana-foundation-sdk/common";
import { DashboardLinkBuilder, DashboardLinkType } from "@grafana/grafana-foundation-sdk/dashboard";
import {
  MappingType,
  type Threshold,
  type ValueMap,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { PromQueryFormat } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder as Stat } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as StateTimeline } from "@grafana/grafana-foundation-sdk/statetimeline";
import { PanelBuilder as Table } from "@grafana/grafana-foundation-sdk/table";
import { COLOURS, NO_DATA, nothing, thresholds, turnsAt } from "./appearance.ts";
import type { DashboardParts } from "./dashboard.ts";
import { series } from "./expressions.ts";
import { atTheEnd, DATA_SOURCE, overTime } from "./query.ts";
import { panelLinks } from "./runbooks.ts";

/** Warnings and critical alerts; what is only told (severity info) asks nobody for anything. */
const alerts = (...matchers: readonly string[]): string =>
  series("ALERTS", 'alertname=~"Headroom.*"', 'severity!="info"', ...matchers);

const inState = (state: "firing" | "pending"): string => alerts(`alertstate="${state}"`);

/** Where the operations dashboard lists the alerts. */
const OPERATIONS = "headroom-operations";
/** The id of that list: the dashboard's first row are six numbers, its second two. */
export const ALERTS_LIST_ID = 9;

/** "0 firing, 3 pending", and a link to the list of those alone. */
export function alertsStat(): Stat {
  const count = (state: "firing" | "pending") => `count(${inState(state)}) or vector(0)`;
  // So small, words in the colours of what is allowed and of a warning cannot be read on white.
  const quiet = { value: null, color: "text" };
  const words = (refId: string, state: string, ...steps: readonly Threshold[]) => ({
    matcher: { id: "byFrameRefID", options: refId },
    properties: [
      { id: "unit", value: `suffix:${state}` },
      { id: "thresholds", value: thresholds([quiet, ...steps]).build() },
    ],
  });
  return new Stat()
    .title("Alerts")
    .description(
      "Number of Headroom's warnings and critical alerts that fire now, and of those whose condition " +
        "holds, but not yet for long enough. What is only told (severity info) does not count.",
    )
    .datasource(DATA_SOURCE)
    .targets([
      atTheEnd({ refId: "A", expr: count("firing"), legend: "firing" }),
      atTheEnd({ refId: "B", expr: count("pending"), legend: "pending" }),
    ])
    .decimals(0)
    .noValue(NO_DATA)
    .mappings([nothing(NO_DATA)])
    .thresholds(thresholds(turnsAt({})))
    .overrides([words("A", "firing", { value: 1, color: COLOURS.critical }), words("B", "pending")])
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(["lastNotNull"]).values(false).fields(""))
    .graphMode(BigValueGraphMode.None)
    .colorMode(BigValueColorMode.Value)
    .textMode(BigValueTextMode.Value)
    .orientation(VizOrientation.Horizontal)
    .links([
      new DashboardLinkBuilder("The alerts that fire or are pending")
        .type(DashboardLinkType.Link)
        .icon("external link")
        .url(
          `/d/${OPERATIONS}?\${__url_time_range}&\${__all_variables}&viewPanel=${ALERTS_LIST_ID}`,
        ),
    ]);
}

const STATES: ValueMap = {
  type: MappingType.ValueToText,
  options: {
    firing: { text: "firing", color: COLOURS.critical, index: 0 },
    pending: { text: "pending", color: COLOURS.warning, index: 1 },
  },
};

/** The alerts that {@link alertsStat} counts, each with the runbook and the time since when it holds. */
export function alertsList({ runbooks, runbooksAt }: DashboardParts): Table {
  const since =
    `1000 * ${alerts()} * ignoring (alertstate) group_left () ` + series("ALERTS_FOR_STATE");
  const column = (name: string, ...properties: { id: string; value: unknown }[]) => ({
    matcher: { id: "byName", options: name },
    properties,
  });
  return new Table()
    .title("Alerts now")
    .description(
      "Headroom's warnings and critical alerts that fire or are pending, and since when their condition " +
        "holds. A name leads to its runbook.",
    )
    .datasource(DATA_SOURCE)
    .withTarget(
      atTheEnd({
        refId: "A",
        expr: `max without (job) (${since})`,
        legend: "{{alertstate}}",
      }).format(PromQueryFormat.Table),
    )
    .unit("none")
    .thresholds(thresholds(turnsAt({})))
    .noValue("No alert fires or is pending.")
    .links(panelLinks(runbooks))
    .overrides([
      column("Time", { id: "custom.hidden", value: true }),
      column("instance", { id: "displayName", value: "Exporter" }),
      column("limit", { id: "displayName", value: "Limit" }),
      column("severity", { id: "displayName", value: "Severity" }),
      column(
        "alertname",
        { id: "displayName", value: "Alert" },
        {
          id: "links",
          value: [{ title: "Runbook", url: `${runbooksAt}/\${__value.raw}`, targetBlank: true }],
        },
      ),
      column(
        "alertstate",
        { id: "displayName", value: "State" },
        { id: "mappings", value: [STATES] },
        { id: "custom.cellOptions", value: { type: "color-text" } },
      ),
      column(
        "Value",
        { id: "displayName", value: "Holds since" },
        { id: "unit", value: "dateTimeAsIsoNoDateIfToday" },
      ),
    ]);
}

/** When each alert was pending and when it fired. */
export function alertsTimeline(): StateTimeline {
  const course = (state: "firing" | "pending") =>
    series("ALERTS", 'alertname=~"Headroom.*"', `alertstate="${state}"`);
  return new StateTimeline()
    .title("Alerts over time")
    .description("When each of Headroom's alerts was pending, and when it fired.")
    .datasource(DATA_SOURCE)
    .withTarget(
      overTime({
        refId: "A",
        expr: `max by (alertname, instance) (${course("pending")} or 2 * ${course("firing")})`,
        legend: "{{alertname}}$exporter",
      }),
    )
    .unit("none")
    .thresholds(thresholds(turnsAt({})))
    .mappings([
      {
        ...STATES,
        options: { "1": STATES.options["pending"]!, "2": STATES.options["firing"]! },
      },
    ])
    .noValue("No alert was pending or fired.")
    .mergeValues(true)
    .showValue(VisibilityMode.Auto)
    .fillOpacity(100)
    .lineWidth(0)
    .legend(new VizLegendOptionsBuilder().showLegend(false));
}
