import {
  CHAT_OPERATIONS,
  limit,
  LIMITS,
  OUTCOME_MEANS,
  TIMED_OUTCOMES,
  type ChatOperation,
  type Limit,
  type Outcome,
} from "@headroom/alerts/limits";
import { OUTCOMES } from "../http/outcome.ts";
import type { GenAiMetrics, Provider } from "./gen-ai.ts";
import { counter, histogram, readGauge, type Registry, type Sample } from "./prometheus.ts";

/** Why a text ended, in OpenAI's words; whatever else a server says is `other`. */
export const FINISH_REASONS = [
  "stop",
  "length",
  "tool_calls",
  "function_call",
  "content_filter",
  "other",
] as const;

/** See {@link FINISH_REASONS}. */
export type FinishReason = (typeof FINISH_REASONS)[number];

/** Why a request to the model server, or its answer, came to nothing. */
export const UPSTREAM_ERRORS = [
  /** No connection, or it broke before an answer began. */
  "unreachable",
  /** What came is no answer: not HTTP, or no JSON and no events where some were promised. */
  "garbage",
  /** The answer broke off. */
  "cut_off",
  /** 429. */
  "rate_limited",
  /** Another status of 4xx. */
  "status_4xx",
  /** A status of 5xx. */
  "status_5xx",
  /** A redirection, which is not followed. */
  "redirected",
  /** Nothing, or not all, until the deadline. */
  "timeout",
] as const;

/** See {@link UPSTREAM_ERRORS}. */
export type UpstreamError = (typeof UPSTREAM_ERRORS)[number];

/** All there is to say of a chat request that has ended. Times are in seconds since it was accepted. */
export interface ChatRequest {
  readonly operation: ChatOperation;
  /** One of the known models, or `other`. */
  readonly model: string;
  readonly outcome: Outcome;
  readonly seconds: number;
  /** Whether its answer was, or would have been, sent in pieces. */
  readonly streamed: boolean;
  /** When the first piece of content left. */
  readonly firstTokenSeconds?: number | undefined;
  /** When the last one left. */
  readonly lastTokenSeconds?: number | undefined;
  /** Pieces of content that left, where the answer was streamed. */
  readonly pieces: number;
  /** As the model's own `usage` says; undefined when it does not say. */
  readonly inputTokens?: number | undefined;
  readonly outputTokens?: number | undefined;
  readonly finish?: FinishReason | undefined;
  readonly upstreamError?: UpstreamError | undefined;
}

/** Is told of chat requests. */
export interface ChatMetrics {
  /** Which models there are: their series begin at 0. Of others, together `other`, only what counts requests does. */
  known(models: readonly string[]): void;
  /** Between two pieces of content. */
  gap(model: string, seconds: number): void;
  finished(request: ChatRequest): void;
}

/** What is read at each scrape. */
export interface ChatState {
  /** Requests that are read, answered or wait. */
  readonly inFlight: () => number;
  /** Those of them that wait for the own engine; undefined where a model server answers. */
  readonly waiting: () => number | undefined;
  /** Whether the model server answers; undefined where there is none. */
  readonly upstreamUp: () => boolean | undefined;
}

/** Edges in seconds. */
const GAPS = [0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 5];

/** The name of every model that is not known: labels come from a closed set. */
export const OTHER_MODEL = "other";

/**
 * What clients of OpenAI's API get: the `gen_ai_server_*` families, and what OpenTelemetry has no name for.
 *
 * - Time to first token and per output token are of streamed answers; a deadline that came before the first
 *   token counts with its full time.
 * - Of requests to stream that were well meant, those are within limits (goodput) that were answered and met
 *   the warning limits of both.
 */
export function chatMetrics(
  registry: Registry,
  genAi: GenAiMetrics,
  provider: Provider = "headroom",
  limits: readonly Limit[] = LIMITS,
): ChatMetrics {
  const model: readonly string[] = [];
  const total = counter(registry, {
    name: "headroom_chat_requests_total",
    help: "Requests of OpenAI's API by how they ended.",
    labels: { operation: CHAT_OPERATIONS, model, outcome: OUTCOMES },
  });
  const streams = counter(registry, {
    name: "headroom_chat_streams_total",
    help: "Well-meant requests to stream an answer.",
    labels: { model },
  });
  const good = counter(registry, {
    name: "headroom_chat_streams_within_limits_total",
    help: "Those that were answered with a first token and times per output token within the warning limits.",
    labels: { model },
  });
  const finishes = counter(registry, {
    name: "headroom_chat_finish_reasons_total",
    help: "Answers by why their text ended.",
    labels: { model, reason: FINISH_REASONS },
  });
  const silent = counter(registry, {
    name: "headroom_chat_usage_missing_total",
    help: "Answers that did not say how many tokens they took.",
    labels: { model },
  });
  const upstreamErrors = counter(registry, {
    name: "headroom_upstream_errors_total",
    help: "Requests that came to nothing at the model server, by what it did; absent without one.",
    labels: { reason: provider === "upstream" ? UPSTREAM_ERRORS : [] },
  });
  const gaps = histogram(registry, {
    name: "headroom_chat_inter_token_seconds",
    help: "Time between two pieces of a streamed answer, as they leave.",
    labels: { model },
    buckets: GAPS,
  });
  const allowed = {
    firstToken: upperOf("first_token_p95", limits),
    outputToken: upperOf("output_token_p95", limits),
  };
  const labelsOf = (operation: ChatOperation, model: string) => ({
    gen_ai_operation_name: operation,
    gen_ai_provider_name: provider,
    gen_ai_request_model: model,
  });
  const begin = (model: string, operations: readonly ChatOperation[]): void => {
    for (const operation of operations) {
      for (const outcome of OUTCOMES) total.inc({ operation, model, outcome }, 0);
    }
    for (const counted of [streams, good, silent]) counted.inc({ model }, 0);
  };
  return {
    known(models) {
      // Also of a request that was refused unread. Few of them are answered: their times begin with the first that is.
      begin(OTHER_MODEL, ["chat"]);
      for (const model of models) {
        begin(model, CHAT_OPERATIONS);
        for (const reason of FINISH_REASONS) finishes.inc({ model, reason }, 0);
        // Of the operation that nearly all ask for: a rate needs a value before the first answer.
        genAi.firstToken.zero(labelsOf("chat", model));
        genAi.outputToken.zero(labelsOf("chat", model));
        gaps.zero({ model });
      }
    },
    gap: (model, seconds) => gaps.observe({ model }, seconds),
    finished(request) {
      const { operation, model, outcome, seconds, firstTokenSeconds } = request;
      total.inc({ operation, model, outcome });
      if (request.upstreamError) upstreamErrors.inc({ reason: request.upstreamError });
      const series = labelsOf(operation, model);
      const perOutputToken = secondsPerOutputToken(request);
      if (request.streamed && OUTCOME_MEANS[outcome] !== "excluded") {
        streams.inc({ model });
        const isGood =
          outcome === "ok" &&
          (firstTokenSeconds ?? 0) < allowed.firstToken &&
          (perOutputToken ?? 0) < allowed.outputToken;
        if (isGood) good.inc({ model });
      }
      if (!TIMED_OUTCOMES.includes(outcome)) return;
      genAi.duration.observe({ ...series, error_type: outcome === "ok" ? "" : "timeout" }, seconds);
      if (request.streamed && (firstTokenSeconds !== undefined || outcome === "deadline")) {
        genAi.firstToken.observe(series, firstTokenSeconds ?? seconds);
      }
      if (perOutputToken !== undefined) genAi.outputToken.observe(series, perOutputToken);
      if (outcome !== "ok") return;
      if (request.finish) finishes.inc({ model, reason: request.finish });
      const { inputTokens, outputTokens } = request;
      if (inputTokens === undefined && outputTokens === undefined) silent.inc({ model });
      if (inputTokens) genAi.usage.observe({ ...series, gen_ai_token_type: "input" }, inputTokens);
      if (outputTokens) {
        genAi.usage.observe({ ...series, gen_ai_token_type: "output" }, outputTokens);
      }
    },
  };
}

/**
 * The mean time for each token after the first. Where a model does not tell its tokens, each piece counts as
 * one, which is how the servers in docs/model-servers.md send them.
 */
function secondsPerOutputToken(request: ChatRequest): number | undefined {
  const { firstTokenSeconds, lastTokenSeconds, outputTokens, pieces, streamed } = request;
  const tokens = outputTokens ?? pieces;
  if (!streamed || firstTokenSeconds === undefined || lastTokenSeconds === undefined) {
    return undefined;
  }
  return tokens > 1 ? (lastTokenSeconds - firstTokenSeconds) / (tokens - 1) : undefined;
}

function upperOf(id: string, limits: readonly Limit[]): number {
  const found = limit(id, "warning", limits);
  return found.bound === "lower" ? Infinity : found.upper;
}

/** `headroom_chat_requests_in_flight`, `headroom_chat_queue_depth` and `headroom_upstream_up`. */
export function chatStateMetrics(registry: Registry, state: ChatState): void {
  const some = (value: number | undefined): readonly Sample<never>[] =>
    value === undefined ? [] : [[{}, value]];
  readGauge(
    registry,
    {
      name: "headroom_chat_requests_in_flight",
      help: "Requests of OpenAI's API that are read, answered or wait.",
    },
    () => some(state.inFlight()),
  );
  readGauge(
    registry,
    {
      name: "headroom_chat_queue_depth",
      help: "Those of them that wait for the exporter's own engine.",
    },
    () => some(state.waiting()),
  );
  readGauge(
    registry,
    {
      name: "headroom_upstream_up",
      help: "1 when the model server answers, 0 when it does not; absent without one.",
    },
    () => {
      const up = state.upstreamUp();
      return some(up === undefined ? undefined : Number(up));
    },
  );
}
