import { EMPTY } from "./appearance.ts";
import { RECORDED, series } from "./expressions.ts";
import type { Graph } from "./graphs.ts";
import type { StatPanel } from "./stat-panels.ts";

// How descriptions say what is measured; the definitions are those of alerts/limits.ts.

/** Whose time is latency; refusals are quick, and would make an overloaded server look faster. */
export const TIMED =
  "Answers and missed deadlines count, with queueing and cache hits; refused, wrong and aborted " +
  "requests do not.";

/** What errors are. */
export const ERRORS = "server errors, refusals and missed deadlines among all well-meant requests";

/** What well-meant requests are. */
export const WELL_MEANT = "What clients got wrong or broke off does not count.";

export const TRAFFIC: StatPanel = {
  title: "Traffic a second",
  description:
    "Messages answered a second over the last minute, from model and cache, and chat requests, however " +
    "they ended.",
  expr: `sum(${series(RECORDED.messages)})`,
  legend: "messages",
  beside: { expr: `sum(${series(RECORDED.chat.requests)})`, legend: "chat requests" },
  unit: "short",
};

// Graphs that stand on more than one dashboard.

export const LATENCY: Graph = {
  title: "Latency, P95",
  description: `Seconds, P95 of the last minute. ${TIMED} The lines are the limits.`,
  unit: "s",
  queries: [[series(RECORDED.p95), "P95$exporter", "latency"]],
  limit: "latency_p95",
  showsLimit: true,
  noValue: EMPTY.sentiment,
};

export const THROUGHPUT: Graph = {
  title: "Throughput",
  description: "Messages answered a second over the last minute, by what answered them.",
  queries: [[`sum by (source) (${series(RECORDED.messages)})`, "{{source}}"]],
  alert: "HeadroomNoTraffic",
};

export const MEMORY: Graph = {
  title: "Memory by scope",
  description:
    "Bytes in use. System is the whole machine, container the one that limits the exporter, device the " +
    "graphics memory of its own, upstream the model server on this machine; process is the exporter " +
    "with its children, and contains model, chat and cache. The dashed lines are the limits of each scope that has a capacity.",
  unit: "decbytes",
  queries: [
    [series("headroom_memory_used_bytes"), "{{scope}}$exporter"],
    [series("headroom_limit", 'limit="memory"'), "limit, {{scope}}$exporter, {{severity}}"],
  ],
  limit: "memory",
  limitSeries: "B",
  ofScopes: true,
  noValue: EMPTY.exporter,
};

export const QUEUE: Graph = {
  title: "Queue",
  description: "Number of messages, of status requests and of chat requests that wait for a model.",
  queries: [
    [series("headroom_queue_depth"), "messages$exporter"],
    [series("headroom_status_queue_depth"), "status requests$exporter"],
    [series("headroom_chat_queue_depth"), "chat requests$exporter"],
  ],
  noValue: EMPTY.exporter,
};
