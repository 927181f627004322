import { OPERATION_LIMITS } from "../limits.ts";
import { judge, noHeadroom } from "./condition.ts";
import type { AlertingRule, RuleGroup } from "./group.ts";
import type { RuleOptions } from "./options.ts";
import { dashboardUrl, JOBS, runbookUrl } from "./options.ts";
import { duration, holdFor, RESTART_WINDOWS } from "./pace.ts";
import { inWords } from "./wording.ts";

/** Whether there is anything to measure at all, and whether it stays. */
export function exporterRules(options: RuleOptions): RuleGroup {
  const up = `up{job="${JOBS.exporter}"}`;
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
      ...restarting(options),
    ],
  };
}

/**
 * An exporter that is killed and started again, as happens when it runs out of memory, is down for a
 * few seconds each time: too short for HeadroomExporterDown.
 */
function restarting(options: RuleOptions): RuleGroup["rules"] {
  const window = duration(RESTART_WINDOWS * options.pace.windowSeconds);
  const starts = `instance:process_starts:changes${window}`;
  const alert: AlertingRule = {
    alert: "HeadroomRestarting",
    ...judge(noHeadroom(OPERATION_LIMITS.restarts), (compared) => compared(starts)),
    for: holdFor(options.pace, "critical", "now"),
    labels: { severity: "critical" },
    annotations: {
      summary: "{{ $labels.instance }} was started again {{ $value }} times within " + window,
      description:
        `The exporter began anew {{ $value }} times in the last ${window}; the limit is ` +
        `${inWords(OPERATION_LIMITS.restarts)}. Each time requests in flight are lost. The usual ` +
        "reason is that the system ended it because memory ran out.",
      runbook_url: runbookUrl(options, "HeadroomRestarting"),
      dashboard_url: dashboardUrl(options, "headroom-operations"),
    },
  };
  const began = `process_start_time_seconds{job="${JOBS.exporter}"}`;
  return [{ record: starts, expr: `changes(${began}[${window}])` }, alert];
}
