import type { Severity } from "../limits.ts";
import { limit } from "../limits.ts";
import { judge, noHeadroom } from "./condition.ts";
import type { AlertingRule, RuleGroup } from "./group.ts";
import { errorRatio, refusalRatio } from "./measures.ts";
import type { RuleOptions } from "./options.ts";
import { dashboardUrl, runbookUrl } from "./options.ts";
import { duration, holdFor } from "./pace.ts";
import { inWords, VALUE } from "./wording.ts";

/**
 * What well-meant requests did not get. Refusals are a part of it, and recorded apart as well:
 * HeadroomSaturated says that they are why.
 */
export function errorRules(options: RuleOptions): RuleGroup {
  const over = { window: duration(options.pace.windowSeconds), by: "job, instance" };
  const ratio = `instance:sentiment_request_errors_per_requests:ratio_rate${over.window}`;
  return {
    name: "headroom-errors",
    rules: [
      { record: ratio, expr: errorRatio(over) },
      {
        record: `instance:sentiment_request_refusals_per_requests:ratio_rate${over.window}`,
        expr: refusalRatio("sentiment", over),
      },
      tooMany(options, "HeadroomErrorRateHigh", "warning", ratio),
      tooMany(options, "HeadroomErrorRateCritical", "critical", ratio),
    ],
  };
}

function tooMany(
  options: RuleOptions,
  alert: string,
  severity: Severity,
  ratio: string,
): AlertingRule {
  const allowed = limit("error_ratio", severity, options.limits);
  const window = duration(options.pace.windowSeconds);
  return {
    alert,
    ...judge(noHeadroom(allowed), (compared) => compared(ratio)),
    for: holdFor(options.pace, severity, "window"),
    labels: { severity, limit: allowed.id },
    annotations: {
      summary: `${VALUE.ratio} of the requests to {{ $labels.instance }} fail`,
      description:
        `${VALUE.ratio} of the requests of the last ${window} ended in a server error, were refused ` +
        `or missed their deadline; the ${severity} limit is ${inWords(allowed)}. What clients got ` +
        "wrong or broke off does not count.",
      runbook_url: runbookUrl(options, alert),
      dashboard_url: dashboardUrl(options, "headroom-sentiment"),
    },
  };
}
