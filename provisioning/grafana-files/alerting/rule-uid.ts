import type { AlertingRule } from "@headroom/alerts/rules/group";
import { STATUS_ALERT } from "@headroom/alerts/rules/status";

/**
 * The uid of an alert's rule: its name, with the analysis for those of status answers. Grafana allows
 * letters, digits, "-" and "_", 40 of them at most, so the words stay together.
 */
export function ruleUid({ alert, labels }: AlertingRule): string {
  const analysis = alert === STATUS_ALERT ? (labels.limit ?? "").replace(/^status_/, "-") : "";
  return `${alert.replace(/^Headroom/, "headroom-")}${analysis.replaceAll("_", "-")}`;
}
