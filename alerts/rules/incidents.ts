import type { RuleGroup } from "./group.ts";
import type { RuleOptions } from "./options.ts";
import { JOBS, runbookUrl } from "./options.ts";
import { duration, holdFor } from "./pace.ts";

/**
 * Whether anybody is there to be told. Alertmanager cannot tell the incidents process of its own failure;
 * whoever else it tells hears of it, and so does the process when it is back, since the alert goes on for
 * a while then.
 */
export function incidentsRules(options: RuleOptions): RuleGroup {
  const up = `up{job="${JOBS.incidents}"}`;
  const waits = holdFor(options.pace, "critical", "now");
  return {
    name: "headroom-incidents",
    rules: [
      {
        alert: "HeadroomIncidentsDown",
        // As of the exporter: a target that is lost has no `up` to be 0.
        expr: `${up} == 0 or absent(${up})`,
        watched: { values: `${up} or absent(${up}) - 1`, fires: { is: "at most", edge: 0 } },
        for: waits,
        keep_firing_for: duration(options.pace.returnSeconds),
        labels: { severity: "critical" },
        annotations: {
          summary:
            "The incidents process{{ with $labels.instance }} {{ . }}{{ end }} cannot be scraped",
          description:
            `Prometheus has had no answer from its /metrics for ${waits}; alerts are neither recorded ` +
            "nor do their links to runbooks lead anywhere until it is back.",
          runbook_url: runbookUrl(options, "HeadroomIncidentsDown"),
          // Of no exporter: its instance is none that the dashboard knows.
          dashboard_url: `${options.dashboards}/d/headroom-operations`,
        },
      },
    ],
  };
}
