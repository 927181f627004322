import {
  LONGEST_TOLD_SECONDS,
  STATUS_TARGET_SECONDS,
  statusLimit,
  type StatusScenario,
} from "../limits.ts";
import { bucketAt } from "./condition.ts";
import { EVIDENCE } from "./evidence.ts";
import {
  alertRule,
  onLimit,
  type AlertingRule,
  type RecordingRule,
  type RuleGroup,
} from "./group.ts";
import { rate, statusP95, withEvidence } from "./measures.ts";
import type { RuleOptions } from "./options.ts";
import { duration } from "./pace.ts";
import { inWords, upToSeconds } from "./wording.ts";

/** The alert of every status scenario; they are told apart by the labels `limit` and `scenario`. */
export const STATUS_ALERT = "HeadroomStatusSlow";

const BY = "job, instance, scenario";
const SCENARIOS = Object.keys(STATUS_TARGET_SECONDS) as StatusScenario[];

/**
 * Status answers: their time, P95, against the target of each scenario, and how they came about.
 * Bucket edges of the histogram lie on every target.
 */
export function statusRules(options: RuleOptions): RuleGroup {
  const window = duration(options.pace.windowSeconds);
  return {
    name: "headroom-status",
    rules: [
      { record: p95Of(window), expr: statusP95({ window, by: BY }) },
      inTime(options, window),
      ...traffic(window),
      ...SCENARIOS.map((scenario) => tooSlow(options, scenario, window)),
    ],
  };
}

const p95Of = (window: string): string =>
  `instance_scenario:headroom_status_duration_seconds:p95_rate${window}`;

/** The share of requests within the target of their scenario. */
function inTime({ limits }: RuleOptions, window: string): RecordingRule {
  const within = (scenario: StatusScenario): string => {
    const le = bucketAt(statusLimit(scenario, limits).upper);
    return `rate(headroom_status_duration_seconds_bucket{scenario="${scenario}", ${le}}[${window}])`;
  };
  const count = "headroom_status_duration_seconds_count";
  const over = { window, by: BY };
  const inTime = `sum by (${BY}) (${SCENARIOS.map(within).join(" or ")})`;
  return {
    record: `instance_scenario:headroom_status_in_time_per_requests:ratio_rate${window}`,
    expr: withEvidence(`${inTime} / ${rate(count, over)}`, EVIDENCE.requests, count, over),
  };
}

/**
 * How much is asked, and how often the model had no part in the answer. An answer from the cache
 * counts among the requests, but not again as ungrounded or as a fallback.
 */
function traffic(window: string): RecordingRule[] {
  const requests = "headroom_status_requests_total";
  const byScenario = { window, by: BY };
  const byInstance = { window, by: "job, instance" };
  const byReason = { window, by: "job, instance, reason" };
  const believed = (ratio: string, over: typeof byScenario): string =>
    withEvidence(ratio, EVIDENCE.requests, requests, over);
  return [
    {
      record: `instance_scenario:headroom_status_requests:rate${window}`,
      expr: rate(requests, byScenario),
    },
    {
      record: `instance_scenario:headroom_status_ungrounded_per_requests:ratio_rate${window}`,
      expr: believed(
        `${rate("headroom_status_ungrounded_total", byScenario)} / ${rate(requests, byScenario)}`,
        byScenario,
      ),
    },
    {
      record: `instance_reason:headroom_status_fallbacks_per_requests:ratio_rate${window}`,
      expr: believed(
        `${rate("headroom_status_fallbacks_total", byReason)} / ` +
          `on (job, instance) group_left () ${rate(requests, byInstance)}`,
        byInstance,
      ),
    },
  ];
}

function tooSlow(options: RuleOptions, scenario: StatusScenario, window: string): AlertingRule {
  const allowed = statusLimit(scenario, options.limits);
  const value = upToSeconds(LONGEST_TOLD_SECONDS.status);
  return alertRule(options, {
    alert: STATUS_ALERT,
    ...onLimit(options, `${p95Of(window)}{scenario="${scenario}"}`, allowed, "window"),
    dashboard: "headroom-status",
    summary:
      "Status answers ({{ $labels.scenario }}) of {{ $labels.instance }} take " + `${value} (P95)`,
    description:
      `The P95 of the answers of the last ${window} is ${value}; ` +
      `the target is ${inWords(allowed)}. Queueing and cache hits are included.`,
  });
}
