import { limit, LONGEST_TOLD_SECONDS, OPERATION_LIMITS, type Severity } from "../limits.ts";
import { alertRule, onLimit, type AlertingRule, type RuleGroup } from "./group.ts";
import { errorRatio, latencyP95, refusalRatio, REQUESTS, type Work } from "./measures.ts";
import type { RuleOptions } from "./options.ts";
import { duration } from "./pace.ts";
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

/**
 * One measure of several kinds of work, told apart by the label `work`.
 *
 * @param measure - PromQL for one of them
 */
export const byWork = (works: readonly Work[], measure: (work: Work) => string): string =>
  works.map((work) => `label_replace(${measure(work)}, "work", "${work}", "", "")`).join(" or ");

const recordedByWork = (what: "errors" | "refusals", window: string): string =>
  `instance_work:headroom_request_${what}_per_requests:ratio_rate${window}`;

/** The kinds of work whose errors alert; a status request is answered whatever its model does. */
export const WITH_ERRORS: readonly Work[] = ["sentiment", "chat"];

/**
 * What well-meant requests did not get. Refusals are a part of it: HeadroomSaturated says that they
 * are why.
 */
export function errorRules(options: RuleOptions): RuleGroup {
  const window = duration(options.pace.windowSeconds);
  const ratio = recordedByWork("errors", window);
  const tooMany = (alert: string, severity: Severity): AlertingRule => {
    const allowed = limit("error_ratio", severity, options.limits);
    return alertRule(options, {
      alert,
      ...onLimit(options, ratio, allowed, "window"),
      dashboard: "headroom-sentiment",
      summary: `${VALUE.ratio} of the {{ $labels.work }} requests to {{ $labels.instance }} fail`,
      description:
        `${VALUE.ratio} of the {{ $labels.work }} requests of the last ${window} ended in a server error, were refused ` +
        `or missed their deadline; the ${severity} limit is ${inWords(allowed)}. What clients got ` +
        "wrong or broke off does not count.",
    });
  };
  return {
    name: "headroom-errors",
    rules: [
      {
        record: ratio,
        expr: byWork(WITH_ERRORS, (work) => errorRatio({ window, by: BY }, work)),
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
  const ratio = recordedByWork("refusals", window);
  // Each kind of work has a queue of its own; the label says which one is full.
  const works = Object.keys(REQUESTS) as Work[];
  return {
    name: "headroom-saturation",
    rules: [
      {
        record: ratio,
        expr: byWork(works, (work) => refusalRatio(work, { window, by: BY })),
      },
      alertRule(options, {
        alert: "HeadroomSaturated",
        // A warning's patience beyond the window: clients that retry after a burst are taken on, and
        // an exporter that drains before it stops is gone by then.
        ...onLimit(options, ratio, { ...allowed, severity: "warning" }, "window"),
        dashboard: "headroom-operations",
        summary: `{{ $labels.instance }} refuses ${VALUE.ratio} of its {{ $labels.work }} requests`,
        description:
          `${VALUE.ratio} of the {{ $labels.work }} requests of the last ${window} were refused, ` +
          `because their queue was full; the limit is ${inWords(allowed)}.`,
      }),
    ],
  };
}
