import { LIMITS, type Limit, statusLimit } from "../../alerts/limits.ts";
import { METRICS, REQUESTS, series } from "./k6-metrics.ts";
import { seeksLimit, type Profile } from "./profiles.ts";
import { analysesOf } from "./status-mix.ts";

/** One k6 threshold. */
export interface Threshold {
  threshold: string;
  abortOnFail: boolean;
  delayAbortEval: string;
}

/** k6 measures times in milliseconds. */
const MILLISECONDS = 1000;

/** What k6 measures for a limit, and how it spells the statistic. */
interface Measured {
  readonly metric: string;
  readonly statistic: string;
  readonly scale: number;
}

const timeOf = (tags: Readonly<Record<string, string>>): Measured => ({
  metric: series(METRICS.answerDuration, tags),
  statistic: "p(95)",
  scale: MILLISECONDS,
});

/** What k6 measures for each limit that the profile exercises, by the limit's id. */
function measuredFor({ sentiment, status }: Profile): Readonly<Record<string, Measured>> {
  const errors = series(METRICS.requestErrors, REQUESTS.sentiment);
  return {
    ...(sentiment && {
      latency_p95: timeOf(REQUESTS.sentiment),
      error_ratio: { metric: errors, statistic: "rate", scale: 1 },
    }),
    ...(sentiment &&
      sentiment.attribution !== "none" && {
        attribution_entropy: { metric: METRICS.entropy, statistic: "avg", scale: 1 },
        attribution_sparsity: { metric: METRICS.sparsity, statistic: "avg", scale: 1 },
      }),
    ...(status &&
      Object.fromEntries(
        analysesOf(status.mix).map((analysis) => [statusLimit(analysis).id, timeOf({ analysis })]),
      )),
  };
}

/** A value at the limit has no headroom left, so it is not allowed. */
const allowed = (limit: Limit): [comparison: "<" | ">", value: number][] => [
  ...(limit.bound === "lower" ? [] : [["<", limit.upper] as ["<", number]]),
  ...(limit.bound === "upper" ? [] : [[">", limit.lower] as [">", number]]),
];

/**
 * k6's thresholds for a profile: the limits that k6 can see itself, and those of the run's own
 * (every answer passes its checks, no iteration throws, no iteration is dropped, every status
 * question is answered). The limits look at the requests that they are about, not at all requests.
 *
 * The profile that looks for a limit stops at the first one that breaks.
 */
export function thresholdsFor(
  profile: Profile,
  limits: readonly Limit[] = LIMITS,
): Record<string, Threshold[]> {
  const stops = seeksLimit(profile);
  const thresholds: Record<string, Threshold[]> = {};
  const add = (metric: string, threshold: string, abortOnFail = stops) =>
    (thresholds[metric] ??= []).push({ threshold, abortOnFail, delayAbortEval: "5s" });

  add("checks", "rate==1", false);
  add(METRICS.exceptions, "count==0", false);
  add("dropped_iterations", "count==0");
  if (profile.status) add(series("http_req_failed", REQUESTS.status), "rate==0");
  const measured = measuredFor(profile);
  for (const limit of limits) {
    const by = measured[limit.id];
    if (!by) continue;
    for (const [comparison, value] of allowed(limit)) {
      add(by.metric, `${by.statistic}${comparison}${value * by.scale}`);
    }
  }
  return thresholds;
}
