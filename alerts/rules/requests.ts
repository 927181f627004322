import { limit, LONGEST_TOLD_SECONDS, OPERATION_LIMITS, type Severity } from "../limits.ts";
import { judge, noHeadroom } from "./condition.ts";
import { alertRule, onLimit, type AlertingRule, type RuleGroup } from "./group.ts";
import { errorRatio, latencyP95, refusalRatio } from "./measures.ts";
import type { RuleOptions } from "./options.ts";
import { duration, holdFor } from "./pace.ts";
import { inWords, upToSeconds, VALUE } from "./wording.ts";

const BY = "job, instance";

/** The time of a request, P95. Bucket edges of the histogram lie on both limits. */
export function latencyRules(options: RuleOptions): RuleGroup {
  const window = duration(options.pace.windowSeconds);
  const p95 = `instance:sentiment_request_duration_seconds:p95_rate${window}`;
  const value = upToSeconds(LONGEST_TOLD_SECONDS.latency);
  const tooSlow = (alert: string, severity: Severity): AlertingRule => {
    const allowed = limit("latency_p95", severity, options.limits);
    return alertRule(options, {
      alert,
      ...onLimit(options, p95, allowed, "window"),
      dashboard: "headroom-sentiment",
      summary: `Requests to {{ $labels.instance }} take ${value} (P95)`,
      description:
        `The P95 of the answers of the last ${window} is ${value}; ` +
        `the ${severity} limit is ${inWords(allowed)}. Queueing, cache hits and deadline misses are ` +
        "included, refused and aborted requests are not.",
    });
  };
  return {
    name: "headroom-latency",
    rules: [
      { record: p95, expr: latencyP95({ window, by: BY }) },
      tooSlow("HeadroomLatencyHigh", "warning"),
      tooSlow("HeadroomLatencyCritical", "critical"),
    ],
  };
}

const refusals = (work: "sentiment" | "status", window: string): string =>
  `instance:${work}_request_refusals_per_requests:ratio_rate${window}`;

/**
 * What well-meant requests did not get. Refusals are a part of it, and recorded apart as well:
 * HeadroomSaturated says that they are why.
 */
export function errorRules(options: RuleOptions): RuleGroup {
  const window = duration(options.pace.windowSeconds);
  const ratio = `instance:sentiment_request_errors_per_requests:ratio_rate${window}`;
  const tooMany = (alert: string, severity: Severity): AlertingRule => {
    const allowed = limit("error_ratio", severity, options.limits);
    return alertRule(options, {
      alert,
      ...onLimit(options, ratio, allowed, "window"),
      dashboard: "headroom-sentiment",
      summary: `${VALUE.ratio} of the requests to {{ $labels.instance }} fail`,
      description:
        `${VALUE.ratio} of the requests of the last ${window} ended in a server error, were refused ` +
        `or missed their deadline; the ${severity} limit is ${inWords(allowed)}. What clients got ` +
        "wrong or broke off does not count.",
    });
  };
  return {
    name: "headroom-errors",
    rules: [
      { record: ratio, expr: errorRatio({ window, by: BY }) },
      {
        record: refusals("sentiment", window),
        expr: refusalRatio("sentiment", { window, by: BY }),
      },
      tooMany("HeadroomErrorRateHigh", "warning"),
      tooMany("HeadroomErrorRateCritical", "critical"),
    ],
  };
}

/**
 * Whether more is asked than the queues take on. Refusals are what a full queue does, so the alert
 * needs neither the depth nor the bound of a queue, and holds for every reason to refuse. Refused
 * requests are errors too; this alert stands beside that one, and says why.
 */
export function saturationRules(options: RuleOptions): RuleGroup {
  const window = duration(options.pace.windowSeconds);
  const allowed = OPERATION_LIMITS.refusals;
  // Each kind of work has a queue of its own; the label says which one is full.
  const full = (work: string, ratio: string): string =>
    `label_replace(${ratio}, "work", "${work}", "", "")`;
  return {
    name: "headroom-saturation",
    rules: [
      { record: refusals("status", window), expr: refusalRatio("status", { window, by: BY }) },
      alertRule(options, {
        alert: "HeadroomSaturated",
        ...judge(
          noHeadroom(allowed),
          (compared) =>
            `${full("sentiment", compared(refusals("sentiment", window)))} or ` +
            full("status", compared(refusals("status", window))),
        ),
        // A warning's patience beyond the window: clients that retry after a burst are taken on, and
        // an exporter that drains before it stops is gone by then.
        for: holdFor(options.pace, "warning", "window"),
        severity: "warning",
        dashboard: "headroom-operations",
        summary: `{{ $labels.instance }} refuses ${VALUE.ratio} of its {{ $labels.work }} requests`,
        description:
          `${VALUE.ratio} of the {{ $labels.work }} requests of the last ${window} were refused, ` +
          `because their queue was full; the limit is ${inWords(allowed)}.`,
      }),
    ],
  };
}
