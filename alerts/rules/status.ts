import type { StatusScenario } from "../limits.ts";
import { STATUS_TARGET_SECONDS, statusLimit } from "../limits.ts";
import { bucketAt, judge, noHeadroom, withEvidence } from "./condition.ts";
import { EVIDENCE } from "./evidence.ts";
import type { AlertingRule, RecordingRule, RuleGroup } from "./group.ts";
import type { RuleOptions } from "./options.ts";
import { dashboardUrl, runbookUrl } from "./options.ts";
import { duration, holdFor } from "./pace.ts";
import { inWords, VALUE } from "./wording.ts";

/** The alert of every status analysis; they are told apart by the labels `limit` and `scenario`. */
export const STATUS_ALERT = "HeadroomStatusSlow";

const BY = "job, instance, scenario";
const SCENARIOS = Object.keys(STATUS_TARGET_SECONDS) as StatusScenario[];

/**
 * Status answers: their time, P95, against the target of each analysis, and how they came about.
 * Bucket edges of the histogram lie on every target.
 */
export function statusRules(options: RuleOptions): RuleGroup {
  const window = duration(options.pace.windowSeconds);
  return {
    name: "headroom-status",
    rules: [
      {
        record: p95Of(window),
        expr: `histogram_quantile(0.95, sum by (${BY}, le) (rate(status_duration_seconds_bucket[${window}])))`,
      },
      inTime(options, window),
      ...traffic(window),
      ...SCENARIOS.map((scenario) => tooSlow(options, scenario, window)),
    ],
  };
}

const p95Of = (window: string): string =>
  `instance_scenario:status_duration_seconds:p95_rate${window}`;

/** The share of requests within the target of their analysis. */
function inTime({ limits }: RuleOptions, window: string): RecordingRule {
  const rate = (scenario: StatusScenario): string => {
    const le = bucketAt(statusLimit(scenario, limits).upper).slice(1, -1);
    return `rate(status_duration_seconds_bucket{scenario="${scenario}", ${le}}[${window}])`;
  };
  return {
    record: `instance_scenario:status_in_time_per_requests:ratio_rate${window}`,
    expr:
      `sum by (${BY}) (${SCENARIOS.map(rate).join(" or ")}) / ` +
      `sum by (${BY}) (rate(status_duration_seconds_count[${window}]))`,
  };
}

/**
 * How much is asked, and how often the model had no part in the answer. An answer from the cache
 * counts among the requests, but not again as ungrounded or as a fallback.
 */
function traffic(window: string): RecordingRule[] {
  const rate = (by: string, counter: string): string =>
    `sum by (${by}) (rate(${counter}[${window}]))`;
  return [
    {
      record: `instance_scenario:status_requests:rate${window}`,
      expr: rate(BY, "status_requests_total"),
    },
    {
      record: `instance_scenario:status_ungrounded_per_requests:ratio_rate${window}`,
      expr: `${rate(BY, "status_ungrounded_total")} / ${rate(BY, "status_requests_total")}`,
    },
    {
      record: `instance_reason:status_fallbacks_per_requests:ratio_rate${window}`,
      expr:
        `${rate("job, instance, reason", "status_fallbacks_total")} / ` +
        `on (job, instance) group_left () ${rate("job, instance", "status_requests_total")}`,
    },
  ];
}

function tooSlow(options: RuleOptions, scenario: StatusScenario, window: string): AlertingRule {
  const allowed = statusLimit(scenario, options.limits);
  return {
    alert: STATUS_ALERT,
    ...judge(noHeadroom(allowed), (compared) =>
      withEvidence(
        compared(`${p95Of(window)}{scenario="${scenario}"}`),
        EVIDENCE.requests,
        "status_duration_seconds_count",
        { window, by: BY },
      ),
    ),
    for: holdFor(options.pace, allowed.severity, "window"),
    labels: { severity: allowed.severity, limit: allowed.id },
    annotations: {
      summary:
        `Status answers ({{ $labels.scenario }}) of {{ $labels.instance }} take ` +
        `${VALUE.seconds} (P95)`,
      description:
        `95 % of the requests of the last ${window} were answered within ${VALUE.seconds}; ` +
        `the target is ${inWords(allowed)}. Queueing and cache hits are included.`,
      runbook_url: runbookUrl(options, STATUS_ALERT),
      dashboard_url: dashboardUrl(options, "headroom-status"),
    },
  };
}
