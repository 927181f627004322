import type { Severity } from "../limits.ts";
import { limit } from "../limits.ts";
import { judge, noHeadroom, withEvidence } from "./condition.ts";
import { EVIDENCE } from "./evidence.ts";
import type { AlertingRule, RuleGroup } from "./group.ts";
import type { RuleOptions } from "./options.ts";
import { dashboardUrl, runbookUrl } from "./options.ts";
import { duration, holdFor } from "./pace.ts";
import { inWords, VALUE } from "./wording.ts";

/** The time of a request, P95. Bucket edges of the histogram lie on both limits. */
export function latencyRules(options: RuleOptions): RuleGroup {
  const window = duration(options.pace.windowSeconds);
  const p95 = `instance:sentiment_request_duration_seconds:p95_rate${window}`;
  const buckets = `rate(sentiment_request_duration_seconds_bucket[${window}])`;
  return {
    name: "headroom-latency",
    rules: [
      { record: p95, expr: `histogram_quantile(0.95, sum by (job, instance, le) (${buckets}))` },
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
  return {
    alert,
    ...judge(noHeadroom(allowed), (compared) =>
      withEvidence(compared(p95), EVIDENCE.requests, "sentiment_request_duration_seconds_count", {
        window,
        by: "job, instance",
      }),
    ),
    for: holdFor(options.pace, severity, "window"),
    labels: { severity, limit: allowed.id },
    annotations: {
      summary: `Requests to {{ $labels.instance }} take ${VALUE.seconds} (P95)`,
      description:
        `95 % of the requests of the last ${window} were answered within ${VALUE.seconds}; ` +
        `the ${severity} limit is ${inWords(allowed)}. Queueing and cache hits are included.`,
      runbook_url: runbookUrl(options, alert),
      dashboard_url: dashboardUrl(options, "headroom-sentiment"),
    },
  };
}
