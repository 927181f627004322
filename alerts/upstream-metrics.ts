/** What a model server tells of itself, whichever it is. */
interface UpstreamMetric {
  /** How the values of several models or engines of one server become one. */
  readonly together: "max" | "sum";
  /** The names that servers give it; the first that there is counts. */
  readonly names: readonly string[];
}

/**
 * The metrics of model servers, by the recorded series that stand for them: the one place that knows other
 * servers' names. A server without metrics, as Ollama and LM Studio are, has none of these series.
 *
 * Sources: docs.vllm.ai, "Production Metrics" (0.8.0, where the cache had its old name, and 0.32.0);
 * tools/server/README.md of llama.cpp (its pull request 13660 of May 2025 took the use of the cache away);
 * docs.sglang.io, "Production Metrics". Routers write SGLang's names with an underscore (its issue 12618).
 */
export const UPSTREAM_METRICS = {
  // A share from 0 to 1, though vLLM calls it a percentage.
  "upstream:kv_cache_usage:ratio": {
    together: "max",
    names: [
      "vllm:kv_cache_usage_perc",
      "vllm:gpu_cache_usage_perc",
      "llamacpp:kv_cache_usage_ratio",
      "sglang:token_usage",
      "sglang_token_usage",
    ],
  },
  "upstream:requests_running": {
    together: "sum",
    names: [
      "vllm:num_requests_running",
      "llamacpp:requests_processing",
      "sglang:num_running_reqs",
      "sglang_num_running_reqs",
    ],
  },
  "upstream:requests_waiting": {
    together: "sum",
    names: [
      "vllm:num_requests_waiting",
      "llamacpp:requests_deferred",
      "sglang:num_queue_reqs",
      "sglang_num_queue_reqs",
    ],
  },
} as const satisfies Record<string, UpstreamMetric>;

/** A recorded series of {@link UPSTREAM_METRICS}. */
export type UpstreamSeries = keyof typeof UPSTREAM_METRICS;

/** Every name by which a server may tell one of them. */
export const UPSTREAM_NAMES: readonly string[] = Object.values(UPSTREAM_METRICS).flatMap(
  ({ names }) => names,
);
