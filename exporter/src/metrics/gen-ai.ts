import {
  CHAT_OPERATIONS,
  limit,
  type Limit,
  LIMITS,
  LONGEST_TOLD_SECONDS,
} from "@headroom/alerts/limits";
import type { Generation } from "../engine/generator.ts";
import { histogram, withEdges, type Registry } from "./prometheus.ts";

/**
 * Bucket edges: a choice of those that the OpenTelemetry semantic conventions recommend for generative AI metrics
 * (https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/), since each is a series for each model and
 * operation. Beside other servers' histograms every edge is still one of theirs, but those on our limits, and of 20 s and
 * more for the first token: a busy server takes that long.
 */
const DURATION = [0.02, 0.08, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
const FIRST_TOKEN = [0.01, 0.04, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40];
const OUTPUT_TOKEN = [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 1];
const TOKENS = [64, 256, 1_024, 4_096, 16_384, 65_536];

/** What a model is asked for inside the exporter, beside OpenTelemetry's own operations. */
export const STATUS_SUMMARY = "status_summary";

/** Who answers: the exporter's own engine, or the model server behind it (`gen_ai.provider.name`). */
export type Provider = "headroom" | "upstream";

/** What OpenTelemetry defines for servers of generative AI. */
export type GenAiMetrics = ReturnType<typeof genAiMetrics>;

/** The `gen_ai_*` families, with their labels after OpenTelemetry's names. */
export function genAiMetrics(registry: Registry, limits: readonly Limit[] = LIMITS) {
  const labels = {
    gen_ai_operation_name: [...CHAT_OPERATIONS, STATUS_SUMMARY],
    gen_ai_provider_name: ["headroom", "upstream"],
    // Known only when a model is.
    gen_ai_request_model: [],
  };
  const onLimits = (edges: readonly number[], id: string) =>
    withEdges(edges, [limit(id, "warning", limits), limit(id, "critical", limits)]);
  return {
    duration: histogram(registry, {
      name: "gen_ai_server_request_duration_seconds",
      help: "Time from the acceptance of a request, or its place in the queue, to its last token.",
      buckets: DURATION,
      labels: { ...labels, error_type: ["", "timeout"] },
    }),
    firstToken: histogram(registry, {
      name: "gen_ai_server_time_to_first_token_seconds",
      help: "Time from the acceptance of a request, or its place in the queue, to its first token.",
      buckets: onLimits([...FIRST_TOKEN, LONGEST_TOLD_SECONDS.firstToken], "first_token_p95"),
      labels,
    }),
    outputToken: histogram(registry, {
      name: "gen_ai_server_time_per_output_token_seconds",
      help: "Mean time of a request for each token after the first.",
      buckets: onLimits([...OUTPUT_TOKEN, LONGEST_TOLD_SECONDS.outputToken], "output_token_p95"),
      labels,
    }),
    usage: histogram(registry, {
      name: "gen_ai_client_token_usage",
      help: "Tokens of a prompt (input) and of its answer (output), as the model counts them.",
      buckets: TOKENS,
      labels: { ...labels, gen_ai_token_type: ["input", "output"] },
    }),
  };
}

/** Records a text that a chat model generated. */
export type GenerationObserver = (
  model: string,
  generation: Generation,
  queueSeconds: number,
) => void;

/** Records the summaries of status answers: of the model alone, without what is done around it. */
export function statusGenerations({
  duration,
  firstToken,
  outputToken,
  usage,
}: GenAiMetrics): GenerationObserver {
  return (model, { tokens, prefillSeconds, decodeSeconds }, queueSeconds) => {
    const series = {
      gen_ai_operation_name: STATUS_SUMMARY,
      gen_ai_provider_name: "headroom",
      gen_ai_request_model: model,
    };
    duration.observe({ ...series, error_type: "" }, queueSeconds + prefillSeconds + decodeSeconds);
    // One that was cut off does not know its prompt's tokens, or has no token at all.
    if (tokens.input > 0) usage.observe({ ...series, gen_ai_token_type: "input" }, tokens.input);
    if (tokens.output === 0) return;
    usage.observe({ ...series, gen_ai_token_type: "output" }, tokens.output);
    firstToken.observe(series, queueSeconds + prefillSeconds);
    if (tokens.output > 1) outputToken.observe(series, decodeSeconds / (tokens.output - 1));
  };
}
