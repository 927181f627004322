import { Rate, Trend } from "k6/metrics";
import { OUTCOME_MEANS, TIMED_OUTCOMES } from "../../alerts/limits.ts";
import { METRICS } from "../plan/k6-metrics.ts";
import type { RequestEnd } from "../plan/request-end.ts";

const duration = new Trend(METRICS.answerDuration, true);
const errors = new Rate(METRICS.requestErrors);

/**
 * Counts how a request ended. k6's own `http_req_duration` and `http_req_failed` look at every
 * request: refused ones are quick and would make the server look fast, wrong ones are no error of it.
 */
export function countEnd(
  { outcome, milliseconds }: RequestEnd,
  tags: Readonly<Record<string, string>>,
): void {
  if (TIMED_OUTCOMES.includes(outcome)) duration.add(milliseconds, { ...tags });
  const meaning = OUTCOME_MEANS[outcome];
  if (meaning !== "excluded") errors.add(meaning === "error", { ...tags });
}
