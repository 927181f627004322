import type { AlertState } from "../prometheus-reader.ts";
import { checkedRow, type Row } from "../row.ts";
import type { Step } from "../step.ts";

/** Whether any alert fires. */
export const alerts: Step = {
  id: "alerts",
  title: "No alert fires",
  rows: async ({ prometheus }) => [judgeAlerts(await prometheus.alerts())],
};

/** Judges the alerts of Prometheus; what only informs is told and fails nothing. */
export function judgeAlerts(states: readonly AlertState[]): Row {
  const firing = states.filter(({ state }) => state === "firing").map(({ labels }) => labels);
  const serious = firing.filter(({ severity }) => severity !== "info");
  const names = (list: typeof firing): string =>
    [...new Set(list.map(({ alertname }) => alertname ?? "unnamed"))].join(", ");
  const told = firing.length > serious.length ? " and some that only inform" : "";
  return checkedRow(
    { id: alerts.id, title: alerts.title, observed: names(firing) || "none", limit: "none" },
    serious.length === 0,
    {
      detail: `${names(serious)} fires${told}: follow the runbook.`,
      runbook: serious[0]?.["alertname"] ?? "",
    },
    firing.length > 0 ? "It only informs: somebody may have intended it." : "",
  );
}
