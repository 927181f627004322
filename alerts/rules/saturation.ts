import { OPERATION_LIMITS } from "../limits.ts";
import { judge, noHeadroom } from "./condition.ts";
import type { RuleGroup } from "./group.ts";
import { refusalRatio } from "./measures.ts";
import type { RuleOptions } from "./options.ts";
import { dashboardUrl, runbookUrl } from "./options.ts";
import { duration, holdFor } from "./pace.ts";
import { inWords, VALUE } from "./wording.ts";

const { refusals } = OPERATION_LIMITS;

/**
 * Whether more is asked than the queues take on. Refusals are what a full queue does, so the alert
 * needs neither the depth nor the bound of a queue, and holds for every reason to refuse. Refused
 * requests are errors too; this alert stands beside that one, and says why.
 */
export function saturationRules(options: RuleOptions): RuleGroup {
  const over = { window: duration(options.pace.windowSeconds), by: "job, instance" };
  // headroom-errors records the other.
  const ofStatus = `instance:status_request_refusals_per_requests:ratio_rate${over.window}`;
  const ofSentiment = `instance:sentiment_request_refusals_per_requests:ratio_rate${over.window}`;
  // Each kind of work has a queue of its own; the label says which one is full.
  const full = (work: string, ratio: string): string =>
    `label_replace(${ratio}, "work", "${work}", "", "")`;
  return {
    name: "headroom-saturation",
    rules: [
      { record: ofStatus, expr: refusalRatio("status", over) },
      {
        alert: "HeadroomSaturated",
        ...judge(
          noHeadroom(refusals),
          (compared) =>
            `${full("sentiment", compared(ofSentiment))} or ${full("status", compared(ofStatus))}`,
        ),
        // A warning's patience beyond the window: clients that retry after a burst are taken on, and
        // an exporter that drains before it stops is gone by then.
        for: holdFor(options.pace, "warning", "window"),
        labels: { severity: "warning" },
        annotations: {
          summary: `{{ $labels.instance }} refuses ${VALUE.ratio} of its {{ $labels.work }} requests`,
          description:
            `${VALUE.ratio} of the {{ $labels.work }} requests of the last ${over.window} were refused, ` +
            `because their queue was full; the limit is ${inWords(refusals)}.`,
          runbook_url: runbookUrl(options, "HeadroomSaturated"),
          dashboard_url: dashboardUrl(options, "headroom-operations"),
        },
      },
    ],
  };
}
