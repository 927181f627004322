import type { Sample } from "../../../loadtest/report/prometheus-text.ts";
import { checkedRow, type Row, unknownRow } from "../row.ts";
import type { Step } from "../step.ts";

/** Whether an incident is open that somebody must act on. */
export const incidents: Step = {
  id: "incidents",
  title: "No incident is open",
  rows: async ({ exporter }) => [judgeIncidents(exporter.samples)],
};

/** Judges the exporter's count of open incidents; those that only inform are told. */
export function judgeIncidents(samples: readonly Sample[]): Row {
  const row = { id: incidents.id, title: incidents.title, limit: "none" };
  const counts = samples.filter(({ name }) => name === "headroom_incidents_open");
  if (counts.length === 0) {
    return unknownRow(row, "The exporter cannot read its incidents; its log says why.");
  }
  const open = counts.filter(({ value }) => value > 0);
  const observed = open.map(({ labels, value }) => `${value} ${labels["severity"]}`).join(", ");
  return checkedRow(
    { ...row, observed: observed || "none" },
    open.every(({ labels }) => labels["severity"] === "info"),
    {
      detail: "`npm run incident -- list` names them; close those that are over.",
      runbook: "CriticalAlert",
    },
    open.length > 0 ? "It only informs." : "",
  );
}
