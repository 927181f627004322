/** What a model server shows at /metrics, and what that is by the names of all of them. */
export interface Exposition {
  readonly server: string;
  /** Where its form is told. */
  readonly source: string;
  readonly text: string;
  /** Undefined where it does not tell. */
  readonly kvCache?: number;
  readonly running: number;
  readonly waiting: number;
}

const gauges = (labels: string, values: Readonly<Record<string, number | string>>): string =>
  Object.entries(values)
    .map(([name, value]) => `# HELP ${name} .\n# TYPE ${name} gauge\n${name}${labels} ${value}\n`)
    .join("");

/**
 * The lines that matter of each server, in the form of the version that is named: names, labels and how
 * numbers are written. The values are ours.
 */
export const EXPOSITIONS: readonly Exposition[] = [
  {
    server: "vLLM 0.22",
    source: "docs.vllm.ai, Production Metrics, 0.22 to 0.32: label engine, the cache's new name",
    text: gauges('{engine="0",model_name="Qwen/Qwen3-1.7B"}', {
      "vllm:num_requests_running": "3.0",
      "vllm:num_requests_waiting": "2.0",
      "vllm:kv_cache_usage_perc": 0.375,
    }),
    kvCache: 0.375,
    running: 3,
    waiting: 2,
  },
  {
    server: "vLLM 0.22, two engines",
    source: "the same with --data-parallel-size 2: one series an engine",
    text: [
      'vllm:num_requests_running{engine="0",model_name="m"} 3.0',
      'vllm:num_requests_running{engine="1",model_name="m"} 1.0',
      'vllm:num_requests_waiting{engine="0",model_name="m"} 2.0',
      'vllm:num_requests_waiting{engine="1",model_name="m"} 0.0',
      'vllm:kv_cache_usage_perc{engine="0",model_name="m"} 0.95',
      'vllm:kv_cache_usage_perc{engine="1",model_name="m"} 0.25\n',
    ].join("\n"),
    kvCache: 0.95,
    running: 4,
    waiting: 2,
  },
  {
    server: "vLLM 0.8",
    source:
      "docs.vllm.ai, Production Metrics, 0.5.3 to 0.8: the cache's old name, and one that is gone",
    text: gauges('{model_name="unsloth/Llama-3.2-1B-Instruct"}', {
      "vllm:num_requests_running": "3.0",
      "vllm:num_requests_swapped": "0.0",
      "vllm:num_requests_waiting": "2.0",
      "vllm:gpu_cache_usage_perc": "0.5",
      "vllm:cpu_cache_usage_perc": "0.0",
    }),
    kvCache: 0.5,
    running: 3,
    waiting: 2,
  },
  {
    server: "llama-server, 2026",
    source: "tools/server/README.md of llama.cpp, May 2026: nothing of the cache any more",
    text: gauges("", {
      "llamacpp:predicted_tokens_seconds": 27.9427,
      "llamacpp:requests_processing": 4,
      "llamacpp:requests_deferred": 46,
    }),
    running: 4,
    waiting: 46,
  },
  {
    server: "llama-server until May 2025",
    source: "llama.cpp issue 13196: as it was before pull request 13660; a mean of nothing is -nan",
    text: gauges("", {
      "llamacpp:n_busy_slots_per_decode": "nan",
      "llamacpp:kv_cache_usage_ratio": 0.491063,
      "llamacpp:kv_cache_tokens": 31_428,
      "llamacpp:requests_processing": 1,
      "llamacpp:requests_deferred": 0,
    }),
    kvCache: 0.491063,
    running: 1,
    waiting: 0,
  },
  {
    server: "SGLang 0.5",
    source: "docs.sglang.io, Production Metrics",
    text: gauges('{model_name="meta-llama/Llama-3.1-8B-Instruct"}', {
      "sglang:token_usage": 0.28,
      "sglang:num_running_reqs": "162.0",
      "sglang:num_queue_reqs": "2826.0",
    }),
    kvCache: 0.28,
    running: 162,
    waiting: 2826,
  },
  {
    server: "SGLang behind its router",
    source: "sgl-project/sglang issue 12618: the router writes an underscore",
    text: gauges('{model_name="m",worker_addr="http://10.0.0.1:30000"}', {
      sglang_token_usage: 0.28,
      sglang_num_running_reqs: "7.0",
      sglang_num_queue_reqs: "0.0",
    }),
    kvCache: 0.28,
    running: 7,
    waiting: 0,
  },
];
