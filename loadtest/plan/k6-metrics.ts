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
  bothInRange: "attribution_both_in_range",
  attributionUndefined: "attribution_undefined",
  statusAnswers: "status_answers",
  statusCached: "status_cached",
  statusFromModel: "status_from_model",
  statusFallbacks: "headroom_status_fallbacks",
  statusSeconds: "status_answer_seconds",
  /** Of streamed answers, as the limits mean them; a deadline before the first token counts in full. */
  firstToken: "chat_first_token",
  outputToken: "chat_output_token",
  /** Whether a well-meant request met the limits, see `goodput`. */
  chatGood: "chat_within_limits",
  chatAnswers: "chat_answers",
  chatPieces: "chat_pieces",
  chatUsageMissing: "chat_usage_missing",
  chatInput: "chat_input_tokens",
  chatOutput: "chat_output_tokens",
  chatFinish: "chat_finish_reasons",
  /** What of all this fell into the time of the load, without what came after it. */
  chatRequestsInTime: "chat_requests_in_time",
  chatInputInTime: "chat_input_tokens_in_time",
  chatOutputInTime: "chat_output_tokens_in_time",
} as const;

/** k6's scenarios that a profile can consist of. */
export const SCENARIOS = { sentiment: "sentiment", status: "status", chat: "chat" } as const;

/** The tags of requests that tell what they were for. */
export const REQUESTS = {
  sentiment: { name: "POST /v1/sentiment" },
  status: { name: "POST /v1/status" },
  chat: { name: "POST /v1/chat/completions" },
} as const;

/** The tag of what belongs to one status scenario; k6 has a tag `scenario` of its own. */
export const scenarioTag = (scenario: string) => ({ status_scenario: scenario });

/** Why texts end, as far as they are told apart. */
export const FINISHES = ["stop", "length", "other"] as const;

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
export function seriesRead({ sentiment, status, chat }: Profile): string[] {
  const ofRequests = (kind: keyof typeof REQUESTS) => [
    ...["http_reqs", METRICS.requestErrors, METRICS.answerDuration, METRICS.requestsRefused].map(
      (metric) => series(metric, REQUESTS[kind]),
    ),
    series("dropped_iterations", { scenario: SCENARIOS[kind] }),
  ];
  const ofScenario = (scenario: string) =>
    [
      "http_reqs",
      METRICS.answerDuration,
      METRICS.statusAnswers,
      METRICS.statusCached,
      METRICS.statusFromModel,
    ].map((metric) => series(metric, scenarioTag(scenario)));
  return [
    ...(sentiment ? ofRequests("sentiment") : []),
    ...(chat
      ? [...ofRequests("chat"), ...FINISHES.map((reason) => series(METRICS.chatFinish, { reason }))]
      : []),
    ...(status
      ? [
          ...ofRequests("status"),
          ...scenariosIn(status.mix).flatMap(ofScenario),
          ...FALLBACK_REASONS.map((reason) => series(METRICS.statusFallbacks, { reason })),
        ]
      : []),
  ];
}
