import type { Severity } from "../limits.ts";
import { limit, LONGEST_TOLD_SECONDS } from "../limits.ts";
import { judge, noHeadroom } from "./condition.ts";
import type { AlertingRule, RuleGroup } from "./group.ts";
import type { RuleOptions } from "./options.ts";
import { latencyP95 } from "./measures.ts";
import { dashboardUrl, runbookUrl } from "./options.ts";
import { duration, holdFor } from "./pace.ts";
import { inWords, upToSeconds } from "./wording.ts";

/** The time of a request, P95. Bucket edges of the histogram lie on both limits. */
export function latencyRules(options: RuleOptions): RuleGroup {
  const window = duration(options.pace.windowSeconds);
  const p95 = `instance:sentiment_request_duration_seconds:p95_rate${window}`;
  return {
    name: "headroom-latency",
    rules: [
      { record: p95, expr: latencyP95({ window, by: "job, instance" }) },
      tooSlow(options, "HeadroomLatencyHigh", "warning", p95),
      tooSlow(options, "HeadroomLatencyCritical", "critical", p95),
    ],
  };
}

function tooSlow(
  options: RuleOptions,
  alert: string,
  severity: Severity,
  p95: string,
): AlertingRule {
  const allowed = limit("latency_p95", severity, options.limits);
  const window = duration(options.pace.windowSeconds);
  const value = upToSeconds(LONGEST_TOLD_SECONDS.latency);
  return {
    alert,
    ...judge(noHeadroom(allowed), (compared) => compared(p95)),
    for: holdFor(options.pace, severity, "window"),
    labels: { severity, limit: allowed.id },
    annotations: {
      summary: `Requests to {{ $labels.instance }} take ${value} (P95)`,
      description:
        `The P95 of the answers of the last ${window} is ${value}; ` +
        `the ${severity} limit is ${inWords(allowed)}. Queueing, cache hits and deadline misses are ` +
        "included, refused and aborted requests are not.",
      runbook_url: runbookUrl(options, alert),
      dashboard_url: dashboardUrl(options, "headroom-sentiment"),
    },
  };
}
