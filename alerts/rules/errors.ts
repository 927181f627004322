import { ERROR_OUTCOMES, limit } from "../limits.ts";
import { judge, noHeadroom, share, withEvidence } from "./condition.ts";
import { EVIDENCE } from "./evidence.ts";
import type { RuleGroup } from "./group.ts";
import type { RuleOptions } from "./options.ts";
import { dashboardUrl, runbookUrl } from "./options.ts";
import { duration, holdFor } from "./pace.ts";
import { inWords, VALUE } from "./wording.ts";

const REQUESTS = "sentiment_requests_total";
const BY = "job, instance";

/**
 * Failed requests as a share of all. Failures are server errors and missed deadlines; refusals are
 * recorded apart, because overload is answered on purpose, and bad input is the client's.
 */
export function errorRules(options: RuleOptions): RuleGroup {
  const allowed = limit("error_ratio", "critical", options.limits);
  const window = duration(options.pace.windowSeconds);
  const rate = (outcomes: string): string =>
    `sum by (${BY}) (rate(${REQUESTS}${outcomes}[${window}]))`;
  const ratio = `instance:sentiment_request_errors_per_requests:ratio_rate${window}`;
  return {
    name: "headroom-errors",
    rules: [
      { record: ratio, expr: share(rate(`{outcome=~"${ERROR_OUTCOMES.join("|")}"}`), rate("")) },
      {
        record: `instance:sentiment_request_refusals_per_requests:ratio_rate${window}`,
        expr: share(rate('{outcome="refused"}'), rate("")),
      },
      {
        alert: "HeadroomErrorRateHigh",
        ...judge(noHeadroom(allowed), (compared) =>
          withEvidence(compared(ratio), EVIDENCE.requests, REQUESTS, { window, by: BY }),
        ),
        for: holdFor(options.pace, allowed.severity, "window"),
        labels: { severity: allowed.severity, limit: allowed.id },
        annotations: {
          summary: `${VALUE.ratio} of the requests to {{ $labels.instance }} fail`,
          description:
            `${VALUE.ratio} of the requests of the last ${window} ended in a server error or ` +
            `missed their deadline; the limit is ${inWords(allowed)}.`,
          runbook_url: runbookUrl(options, "HeadroomErrorRateHigh"),
          dashboard_url: dashboardUrl(options, "headroom-sentiment"),
        },
      },
    ],
  };
}
