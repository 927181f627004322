import { type Query, QueryBuilder } from "@grafana/grafana-foundation-sdk/alerting";
import { TypeReduceBuilder, TypeThresholdBuilder } from "@grafana/grafana-foundation-sdk/expr";
import { DataqueryBuilder, QueryEditorMode } from "@grafana/grafana-foundation-sdk/prometheus";
import type { Watched } from "@headroom/alerts/rules/condition";
import type { AlertAnnotations, AlertingRule, RuleGroup } from "@headroom/alerts/rules/group";
import { alertsOf } from "@headroom/alerts/rules/index";
import { OF_BOTH_SEVERITIES } from "@headroom/alerts/rules/chat";
import { STATUS_ALERT } from "@headroom/alerts/rules/status";
import type { NamedDashboard } from "./dashboard.ts";
import { provisionedFile } from "./provisioned-file.ts";
import { DATA_SOURCE } from "./query.ts";
import { type Runbook, runbooksOf } from "./runbooks.ts";

/**
 * The folder of the rules in Grafana, which becomes a label of each alert. The dashboards have one of
 * their own, because Grafana makes this one by its name and not by a uid.
 */
const ALERTS_FOLDER = "Headroom alerts";

/** The shortest time that Grafana allows between two evaluations; Prometheus takes half of it. */
const INTERVAL = "10s";

/**
 * Grafana's file with a rule for each alert of the groups, as YAML. Recorded series are still
 * computed by Prometheus, and the rules ask for them.
 *
 * @param dashboards - where the alerts are shown
 */
export function alertRulesFile(
  groups: readonly RuleGroup[],
  dashboards: readonly NamedDashboard[],
): string {
  const runbooks = runbooksOf(alertsOf(groups));
  const written = groups.flatMap((group) => {
    const rules = alertsOf([group]).map((alert) =>
      inFile(alert, linkedPanel(alert.annotations, dashboards, runbooks)),
    );
    return rules.length === 0
      ? []
      : [{ name: group.name, folder: ALERTS_FOLDER, interval: INTERVAL, rules }];
  });
  return provisionedFile("groups", written);
}

/**
 * No series is what no traffic, too little evidence and a part that is not in use look like, and the
 * alerts of what is down tell when there is none because it is gone. Those always have a series, so
 * without one even Prometheus does not know its targets.
 */
function withoutData({ alert }: AlertingRule): "OK" | "Alerting" {
  return /^Headroom(Exporter|Incidents)Down$/.test(alert) ? "Alerting" : "OK";
}

/** A rule in the shape of Grafana's file, which is not quite that of the API for which the SDK builds. */
function inFile(alert: AlertingRule, { dashboardUid, panelId }: LinkedPanel): object {
  const rule = {
    uid: ruleUid(alert),
    title: alert.alert,
    condition: STEPS.condition,
    data: steps(alert.watched),
    dashboardUid,
    panelId,
    noDataState: withoutData(alert),
    // Prometheus did not answer, so nothing is judged, and somebody has to hear of it. Grafana tells
    // it as an alert DatasourceError, not as the one that could not be judged.
    execErrState: "Error",
    for: alert.for,
    keepFiringFor: alert.keep_firing_for,
    annotations: {
      ...grafanaTexts(alert.annotations),
      // By these the notification links the panel, and the panel shows the alert's state.
      __dashboardUid__: dashboardUid,
      __panelId__: String(panelId),
    },
    labels: alert.labels,
    isPaused: false,
  };
  // Leaves out what is not set, and the SDK's methods.
  return JSON.parse(JSON.stringify(rule)) as object;
}

/**
 * The uid of an alert's rule: its name, with the scenario for those of status answers, and with the
 * severity for the critical one of two. Grafana allows letters, digits, "-" and "_", 40 of them at most, so
 * the words stay together.
 */
function ruleUid({ alert, labels }: AlertingRule): string {
  const scenario = alert === STATUS_ALERT ? (labels.limit ?? "").replace(/^status_/, "-") : "";
  const isSecond = OF_BOTH_SEVERITIES.includes(alert) && labels.severity === "critical";
  const name = alert.replace(/^Headroom/, "headroom-");
  return `${name}${scenario.replaceAll("_", "-")}${isSecond ? "-critical" : ""}`;
}

/** A panel, by the names that Grafana's rules use. */
interface LinkedPanel {
  readonly dashboardUid: string;
  readonly panelId: number;
}

/**
 * The panel that an alert belongs to: on the dashboard that its text names, the one that links its
 * runbook and the fewest others.
 *
 * @throws Error when there is no such dashboard, or none of its panels links the runbook
 */
export function linkedPanel(
  annotations: AlertAnnotations,
  dashboards: readonly NamedDashboard[],
  runbooks: readonly Runbook[],
): LinkedPanel {
  const { dashboard_url: address, runbook_url: runbook } = annotations;
  const dashboard = dashboards.find(({ uid }) => /\/d\/([\w-]+)/.exec(address)?.[1] === uid);
  if (!dashboard) throw new Error(`an alert names a dashboard that does not exist: ${address}`);
  const linking = (dashboard.panels ?? [])
    .map((panel) => ({ panel, text: JSON.stringify(panel) }))
    .filter(({ text }) => text.includes(`"${runbook}"`))
    .map(({ panel, text }) => ({
      id: panel.id,
      links: runbooks.filter(({ url }) => text.includes(`"${url}"`)).length,
    }));
  const [closest] = linking.sort((a, b) => a.links - b.links);
  if (closest?.id === undefined) {
    throw new Error(`no panel of ${dashboard.uid} links the runbook ${runbook}`);
  }
  return { dashboardUid: dashboard.uid, panelId: closest.id };
}

/** The steps of a rule, by the names that Grafana's own editor gives them. */
const STEPS = { query: "A", value: "B", condition: "C" } as const;

/** The data source of steps that Grafana computes itself. */
const EXPRESSION = { type: "__expr__", uid: "__expr__" } as const;

/** An instant query reads the end of its range only, but Grafana wants one. In seconds. */
const RANGE = { from: 60, to: 0 };

/** What Grafana calls the comparisons; those of a range are true at its edges, too. */
const EVALUATORS = {
  "at least": "gte",
  "at most": "lte",
  below: "lt",
  outside: "outside_range_included",
} as const;

/** Asks Prometheus, makes one number of each series, and compares it with the limit. */
function steps({ values, fires }: Watched): Query[] {
  const asked = new DataqueryBuilder()
    .refId(STEPS.query)
    .datasource(DATA_SOURCE)
    .expr(values)
    .instant()
    .editorMode(QueryEditorMode.Code);
  // The answer to an instant query is a number already. The step gives it the name that the texts use.
  const value = new TypeReduceBuilder()
    .refId(STEPS.value)
    .datasource(EXPRESSION)
    .expression(STEPS.query)
    .reducer("last");
  // 1 for the values that fire the alert, and 0 for all others.
  const params = fires.is === "outside" ? [fires.lower, fires.upper] : [fires.edge];
  const condition = new TypeThresholdBuilder()
    .refId(STEPS.condition)
    .datasource(EXPRESSION)
    .expression(STEPS.value)
    .conditions([{ evaluator: { type: EVALUATORS[fires.is], params } }]);
  return [
    step(STEPS.query, DATA_SOURCE.uid).relativeTimeRange(RANGE).model(asked),
    step(STEPS.value, EXPRESSION.uid).model(value),
    step(STEPS.condition, EXPRESSION.uid).model(condition),
  ].map((each) => each.build());
}

function step(refId: string, dataSource: string): QueryBuilder {
  return new QueryBuilder(refId).datasourceUid(dataSource).relativeTimeRange({ from: 0, to: 0 });
}

/**
 * Annotations with Prometheus' templates as Grafana's. Both are Go templates with `$labels` and the
 * functions that print a value for people; but Grafana's `$value` is a text about all steps, so the
 * number is taken from its step.
 * Source: https://grafana.com/docs/grafana/latest/alerting/alerting-rules/templates/reference/
 */
export function grafanaTexts(annotations: AlertAnnotations): Record<string, string> {
  return Object.fromEntries(
    Object.entries(annotations).map(([name, text]: [string, string]) => [
      name,
      text.replaceAll(/\$value\b/g, () => `$values.${STEPS.value}.Value`),
    ]),
  );
}
