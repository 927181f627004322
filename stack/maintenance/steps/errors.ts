import { ERROR_OUTCOMES, EXCLUDED_OUTCOMES, limit, type Limit } from "@headroom/alerts/limits";
import { formatCount, formatLimit, formatShare } from "@headroom/loadtest/report/format";
import { isBroken } from "@headroom/alerts/headroom";
import { checkedRow, type Row, unknownRow } from "../row.ts";
import type { Step } from "../step.ts";

const REQUESTS = "sentiment_requests_total";

/** Whether no well-meant request of the last day failed. The limit leaves room that a healthy day does not need. */
export const errors: Step = {
  id: "errors",
  title: "No request failed in the last day",
  async rows({ prometheus, matchers, limits, at }) {
    const count = (more: string): Promise<number> =>
      prometheus.value(`sum(increase(${REQUESTS}{${matchers}${more}}[1d]))`, at);
    const failed = await count(`, outcome=~"${ERROR_OUTCOMES.join("|")}"`);
    const wellMeant = await count(`, outcome!~"${EXCLUDED_OUTCOMES.join("|")}"`);
    return [judgeErrors(failed, wellMeant, limit("error_ratio", "warning", limits))];
  },
};

/** Judges how many of the requests failed; both may be NaN and need not be whole. */
export function judgeErrors(failed: number, requests: number, allowed: Limit): Row {
  const row = { id: errors.id, title: errors.title, limit: `0 % (alert: ${formatLimit(allowed)})` };
  if (!(requests > 0)) return unknownRow(row, "There was no request in the last day.");
  // An increase is extrapolated to the edges of its time, so one request may count as 0.9.
  const observed = `${formatShare(failed / requests)} (${formatCount(Math.ceil(failed))} of ${formatCount(requests)})`;
  const alerting = isBroken(allowed, failed / requests)
    ? "That is beyond the limit of the alert."
    : "That is within the limit of the alert, which did not have to fire.";
  return checkedRow({ ...row, observed }, failed === 0, {
    detail: `${alerting} The exporter's log names each failure.`,
    runbook: "HeadroomErrorRateHigh",
  });
}
