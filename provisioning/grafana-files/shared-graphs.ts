import { series } from "./expressions.ts";
import type { Graph } from "./graphs.ts";
import { questions } from "./query.ts";
import { RECORDED } from "./recorded.ts";

// Graphs that stand on more than one dashboard.

export const LATENCY: Graph = {
  title: "Latency, P95",
  description:
    "Seconds within which 95 % of the requests of the last minute were answered, queueing and " +
    "cache hits included. The lines are the limits.",
  unit: "s",
  questions: questions([series(RECORDED.p95), "{{instance}}"]),
  limit: "latency_p95",
  showsLimit: true,
};

export const THROUGHPUT: Graph = {
  title: "Throughput",
  description: "Messages answered a second over the last minute, by what answered them.",
  unit: "short",
  questions: questions([`sum by (source) (${series(RECORDED.messages)})`, "{{source}}"]),
};

export const MEMORY: Graph = {
  title: "Memory by scope",
  description:
    "Bytes in use. Process is resident and contains model, chat and cache; system is the whole " +
    "machine. The lines are the limits, which hold for process and system.",
  unit: "decbytes",
  questions: questions([series("headroom_memory_used_bytes"), "{{scope}}, {{instance}}"]),
  limit: "memory",
};

export const QUEUE: Graph = {
  title: "Queue",
  description: "Number of messages and of status questions that wait for a model.",
  unit: "short",
  questions: questions(
    [series("headroom_queue_depth"), "messages, {{instance}}"],
    [series("status_queue_depth"), "status questions, {{instance}}"],
  ),
};
