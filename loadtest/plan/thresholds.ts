import { LIMITS, type Limit } from "../../alerts/limits.ts";
import type { Profile } from "./profiles.ts";

/** One k6 threshold. */
export interface Threshold {
  threshold: string;
  abortOnFail: boolean;
  delayAbortEval: string;
}

/** The names of the metrics that the scripts add to k6's own. */
export const METRICS = {
  messagesSent: "messages_sent",
  messagesAnswered: "messages_answered",
  messagesCached: "messages_cached",
  requestsRefused: "requests_refused",
  exceptions: "iteration_exceptions",
  entropy: "attribution_entropy",
  sparsity: "attribution_sparsity",
  entropyInRange: "attribution_entropy_in_range",
  sparsityInRange: "attribution_sparsity_in_range",
  attributionUndefined: "attribution_undefined",
} as const;

/** k6 measures times in milliseconds. */
const MILLISECONDS = 1000;

/** What k6 measures for each limit, and how it spells the statistic. */
const MEASURED_BY: Readonly<
  Record<string, { metric: string; statistic: string; scale: number; attribution?: true }>
> = {
  latency_p95: { metric: "http_req_duration", statistic: "p(95)", scale: MILLISECONDS },
  error_ratio: { metric: "http_req_failed", statistic: "rate", scale: 1 },
  attribution_entropy: { metric: METRICS.entropy, statistic: "avg", scale: 1, attribution: true },
  attribution_sparsity: { metric: METRICS.sparsity, statistic: "avg", scale: 1, attribution: true },
};

const allowed = (limit: Limit): [comparison: "<=" | ">=", value: number][] => [
  ...(limit.bound === "lower" ? [] : [["<=", limit.upper] as ["<=", number]]),
  ...(limit.bound === "upper" ? [] : [[">=", limit.lower] as [">=", number]]),
];

/**
 * k6's thresholds for a profile: the limits that k6 can see itself, and three of the run's own
 * (every answer has the right shape, no iteration throws, no iteration is dropped).
 *
 * The profile that looks for a limit stops at the first one that breaks.
 */
export function thresholdsFor(
  profile: Profile,
  limits: readonly Limit[] = LIMITS,
): Record<string, Threshold[]> {
  const stops = profile.arrival.kind === "rising";
  const thresholds: Record<string, Threshold[]> = {};
  const add = (metric: string, threshold: string, abortOnFail = stops) =>
    (thresholds[metric] ??= []).push({ threshold, abortOnFail, delayAbortEval: "5s" });

  add("checks", "rate==1", false);
  add(METRICS.exceptions, "count==0", false);
  add("dropped_iterations", "count==0");
  for (const limit of limits) {
    const measured = MEASURED_BY[limit.id];
    if (!measured || (measured.attribution && profile.attribution === "none")) continue;
    for (const [comparison, value] of allowed(limit)) {
      add(measured.metric, `${measured.statistic}${comparison}${value * measured.scale}`);
    }
  }
  return thresholds;
}
