import { JOBS } from "@headroom/alerts/rules/options";
import type { Target } from "../prometheus-reader.ts";
import { checkedRow, type Row } from "../row.ts";
import type { Step } from "../step.ts";

const job = JOBS.exporter;

/** Whether Prometheus reads the exporter. */
export const scrape: Step = {
  id: "scrape",
  title: "Prometheus reads the exporter",
  rows: async ({ prometheus, instance }) => [judgeScrape(await prometheus.targets(), instance)],
};

/** Judges the target that is the exporter. */
export function judgeScrape(targets: readonly Target[], instance: string): Row {
  const target = targets.find(
    ({ labels }) => labels["job"] === job && labels["instance"] === instance,
  );
  const observed = target ? `${instance}: ${target.health}` : "no target";
  return checkedRow(
    { id: scrape.id, title: scrape.title, observed, limit: "up" },
    target?.health === "up",
    {
      detail: target
        ? `Prometheus says: ${target.lastError || "not read yet; wait a moment"}.`
        : `Add the target ${instance} to the job "${job}" of Prometheus' configuration.`,
      runbook: "HeadroomExporterDown",
    },
  );
}
