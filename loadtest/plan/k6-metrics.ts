import { FALLBACK_REASONS } from "./answers.ts";
import { type Profile, scenariosIn } from "./profiles.ts";

/** The names of the metrics that the scripts add to k6's own. */
export const METRICS = {
  /** Times of the requests whose time is latency, see `TIMED_OUTCOMES`; k6's own are of all. */
  answerDuration: "answer_duration",
  /** Whether a well-meant request failed, see `OUTCOME_MEANS`; other requests are no part of it. */
  requestErrors: "request_errors",
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
  statusAnswers: "status_answers",
  statusCached: "status_cached",
  statusFromModel: "status_from_model",
  statusFallbacks: "status_fallbacks",
  statusSeconds: "status_answer_seconds",
} as const;

/** k6's scenarios that a profile can consist of. */
export const SCENARIOS = { sentiment: "sentiment", status: "status" } as const;

/** The tags of requests that tell what they were for. */
export const REQUESTS = {
  sentiment: { name: "POST /v1/sentiment" },
  status: { name: "POST /v1/status" },
} as const;

/**
 * The name of the part of a metric that carries `tags`, in k6's thresholds and in its summary:
 * `metric{tag:value}`.
 */
export function series(metric: string, tags: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(tags).map(([tag, value]) => `${tag}:${value}`);
  return `${metric}{${pairs.join(",")}}`;
}

/**
 * The parts of metrics that the report reads. k6 leaves a part out of its summary unless the
 * thresholds name it; an empty list of conditions is enough.
 */
export function seriesRead({ sentiment, status }: Profile): string[] {
  const ofRequests = (kind: keyof typeof REQUESTS) => [
    ...["http_reqs", METRICS.requestErrors, METRICS.answerDuration, METRICS.requestsRefused].map(
      (metric) => series(metric, REQUESTS[kind]),
    ),
    series("dropped_iterations", { scenario: SCENARIOS[kind] }),
  ];
  const ofScenario = (analysis: string) =>
    [
      "http_reqs",
      METRICS.answerDuration,
      METRICS.statusAnswers,
      METRICS.statusCached,
      METRICS.statusFromModel,
    ].map((metric) => series(metric, { analysis }));
  return [
    ...(sentiment ? ofRequests("sentiment") : []),
    ...(status
      ? [
          ...ofRequests("status"),
          ...scenariosIn(status.mix).flatMap(ofScenario),
          ...FALLBACK_REASONS.map((reason) => series(METRICS.statusFallbacks, { reason })),
        ]
      : []),
  ];
}
