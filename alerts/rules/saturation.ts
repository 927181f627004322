import { OPERATION_LIMITS } from "../limits.ts";
import { judge, noHeadroom, share, withEvidence } from "./condition.ts";
import { EVIDENCE } from "./evidence.ts";
import type { RuleGroup } from "./group.ts";
import type { RuleOptions } from "./options.ts";
import { dashboardUrl, runbookUrl } from "./options.ts";
import { duration, holdFor } from "./pace.ts";
import { inWords, VALUE } from "./wording.ts";

const BY = "job, instance";
const { refusals } = OPERATION_LIMITS;

/**
 * Whether more is asked than the queues take on. Refusals are what a full queue does, so the alert
 * needs neither the depth nor the bound of a queue, and holds for every reason to refuse.
 */
export function saturationRules(options: RuleOptions): RuleGroup {
  const window = duration(options.pace.windowSeconds);
  const rate = (outcome: string): string =>
    `sum by (${BY}) (rate(status_requests_total${outcome}[${window}]))`;
  // headroom-errors records the other.
  const ofStatus = `instance:status_request_refusals_per_requests:ratio_rate${window}`;
  const ofSentiment = `instance:sentiment_request_refusals_per_requests:ratio_rate${window}`;
  const full = (work: string, ratio: string, counter: string): string => {
    const believed = withEvidence(ratio, EVIDENCE.requests, counter, { window, by: BY });
    // Each kind of work has a queue of its own; the label says which one is full.
    return `label_replace(${believed}, "work", "${work}", "", "")`;
  };
  return {
    name: "headroom-saturation",
    rules: [
      { record: ofStatus, expr: share(rate('{outcome="refused"}'), rate("")) },
      {
        alert: "HeadroomSaturated",
        ...judge(
          noHeadroom(refusals),
          (compared) =>
            `${full("sentiment", compared(ofSentiment), "sentiment_requests_total")} or ` +
            full("status", compared(ofStatus), "status_requests_total"),
        ),
        // A warning's patience beyond the window: clients that retry after a burst are taken on, and
        // an exporter that drains before it stops is gone by then.
        for: holdFor(options.pace, "warning", "window"),
        labels: { severity: "warning" },
        annotations: {
          summary: `{{ $labels.instance }} refuses ${VALUE.ratio} of its {{ $labels.work }} requests`,
          description:
            `${VALUE.ratio} of the {{ $labels.work }} requests of the last ${window} were refused, ` +
            `because their queue was full; the limit is ${inWords(refusals)}.`,
          runbook_url: runbookUrl(options, "HeadroomSaturated"),
          dashboard_url: dashboardUrl(options, "headroom-operations"),
        },
      },
    ],
  };
}
