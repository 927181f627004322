import type { Sample } from "../prometheus-reader.ts";
import { checkedRow, type Row, unknownRow } from "../row.ts";
import type { Step } from "../step.ts";

/** Whether an incident is open that somebody must act on. */
export const incidents: Step = {
  id: "incidents",
  title: "No incident is open",
  rows: async ({ prometheus, at }) => [
    judgeIncidents(await prometheus.samples("headroom_incidents_open", at)),
  ],
};

/** Judges the count of open incidents; those that only inform are told. */
export function judgeIncidents(samples: readonly Sample[]): Row {
  const row = { id: incidents.id, title: incidents.title, limit: "none" };
  if (samples.length === 0) {
    return unknownRow(
      row,
      "Nobody counts incidents: the process that keeps them is down, or cannot read them.",
    );
  }
  const open = samples.filter(({ value }) => value > 0);
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
