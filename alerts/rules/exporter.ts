import type { RuleGroup } from "./group.ts";
import type { RuleOptions } from "./options.ts";
import { dashboardUrl, runbookUrl } from "./options.ts";
import { duration, holdFor } from "./pace.ts";

/** Whether there is anything to measure at all. */
export function exporterRules(options: RuleOptions): RuleGroup {
  const up = `up{job="${options.job}"}`;
  const waits = holdFor(options.pace, "critical", "now");
  return {
    name: "headroom-exporter",
    rules: [
      {
        alert: "HeadroomExporterDown",
        // Service discovery may also lose the target; then there is no `up` to be 0.
        expr: `${up} == 0 or absent(${up})`,
        // What is absent reads as 1, and counts as 0 here.
        watched: { values: `${up} or absent(${up}) - 1`, fires: { is: "at most", edge: 0 } },
        // A restart, which loads the model in about a second, is over before this fires.
        for: waits,
        keep_firing_for: duration(options.pace.returnSeconds),
        labels: { severity: "critical" },
        annotations: {
          summary: "The exporter{{ with $labels.instance }} {{ . }}{{ end }} cannot be scraped",
          description:
            `Prometheus has had no answer from /metrics for ${waits}; no other limit can be ` +
            "judged until it is back.",
          runbook_url: runbookUrl(options, "HeadroomExporterDown"),
          dashboard_url: dashboardUrl(options, "headroom-operations"),
        },
      },
    ],
  };
}
