import { series } from "./expressions.ts";
import type { Graph } from "./graphs.ts";
import { questions } from "./query.ts";
import { RECORDED } from "./recorded.ts";
import { TIMED } from "./words.ts";

// Graphs that stand on more than one dashboard.

export const LATENCY: Graph = {
  title: "Latency, P95",
  description: `Seconds, P95 of the last minute. ${TIMED} The lines are the limits.`,
  unit: "s",
  questions: questions([series(RECORDED.p95), "{{instance}}", "latency"]),
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
    "Bytes in use. System is the whole machine, container the one that limits the exporter, device the " +
    "graphics memory of its own; process is the exporter with its children, and contains model, chat " +
    "and cache. The dashed lines are the limits of each scope that has a capacity.",
  unit: "decbytes",
  questions: questions(
    [series("headroom_memory_used_bytes"), "{{scope}}, {{instance}}"],
    [series("headroom_limit", 'limit="memory"'), "limit, {{scope}}, {{severity}}"],
  ),
  limit: "memory",
  limitSeries: "B",
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
