import type { Rule } from "@grafana/grafana-foundation-sdk/alerting";
import { RuleBuilder } from "@grafana/grafana-foundation-sdk/alerting";
import type { AlertingRule, RuleGroup } from "@headroom/alerts/rules/group";
import { alertsOf } from "@headroom/alerts/rules/index";
import type { NamedDashboard } from "../headroom-dashboard.ts";
import { runbooksOf } from "../runbooks.ts";
import type { LinkedPanel } from "./linked-panel.ts";
import { linkedPanel } from "./linked-panel.ts";
import { provisionedFile } from "./provisioned-file.ts";
import { ruleUid } from "./rule-uid.ts";
import { STEPS, steps } from "./steps.ts";
import { grafanaTexts } from "./texts.ts";

/**
 * The folder of the rules in Grafana, which becomes a label of each alert. The dashboards have one of
 * their own, because Grafana makes this one by its name and not by a uid.
 */
export const ALERTS_FOLDER = "Headroom alerts";

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

function grafanaRule(alert: AlertingRule): Rule {
  const rule = new RuleBuilder(alert.alert)
    .uid(ruleUid(alert))
    .condition(STEPS.condition)
    .forDuration(alert.for)
    .labels({ ...alert.labels })
    .noDataState(withoutData(alert))
    // Prometheus did not answer, so nothing is judged, and somebody has to hear of it. Grafana tells
    // it as an alert DatasourceError, not as the one that could not be judged.
    .execErrState("Error")
    .isPaused(false);
  if (alert.keep_firing_for) rule.keepFiringFor(alert.keep_firing_for);
  return { ...rule.build(), data: steps(alert.watched) };
}

/**
 * No series is what no traffic, too little evidence and a part that is not in use look like, and the
 * alerts of what is down tell when there is none because it is gone. Those always have a series, so
 * without one even Prometheus does not know its targets.
 */
function withoutData({ alert }: AlertingRule): "OK" | "Alerting" {
  return /^Headroom(Exporter|Incidents)Down$/.test(alert) ? "Alerting" : "OK";
}

/** A rule in the shape of the file, which is not quite that of the API for which the SDK builds. */
function inFile(alert: AlertingRule, { dashboardUid, panelId }: LinkedPanel): object {
  const rule = grafanaRule(alert);
  const { uid, title, condition, data, noDataState, execErrState, labels, isPaused } = rule;
  const written = {
    ...{ uid, title, condition, data, dashboardUid, panelId, noDataState, execErrState },
    for: rule.for,
    keepFiringFor: rule.keep_firing_for,
    annotations: {
      ...grafanaTexts(alert.annotations),
      // By these the notification links the panel, and the panel shows the alert's state.
      __dashboardUid__: dashboardUid,
      __panelId__: String(panelId),
    },
    ...{ labels, isPaused },
  };
  // Leaves out what is not set, and the SDK's methods.
  return JSON.parse(JSON.stringify(written)) as object;
}
