import { type Limit, LIMITS, LONGEST_TOLD_SECONDS, TIMED_OUTCOMES } from "@headroom/alerts/limits";
import { OUTCOMES, type RequestObserver } from "../http/outcome.ts";
import type { BatchObserver } from "../sentiment/batcher.ts";
import { ATTRIBUTION_METHODS, type Label, type SentimentResult } from "../sentiment/result.ts";
import { counter, histogram, readGauge, withEdges, type Registry } from "./prometheus.ts";

/** Bucket edges in seconds. */
const REQUEST_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 1, 2.5];

/**
 * `sentiment_request_duration_seconds` and `sentiment_requests_total`. An edge lies on each latency limit,
 * because `histogram_quantile` interpolates between edges and could not tell a value at the limit otherwise.
 */
export function requestMetrics(
  registry: Registry,
  limits: readonly Limit[] = LIMITS,
): RequestObserver {
  const duration = histogram(registry, {
    name: "sentiment_request_duration_seconds",
    help:
      "Time of a sentiment request that was answered or missed its deadline, from acceptance to its " +
      "last byte, queueing and cache hits included.",
    labels: { attribution: ATTRIBUTION_METHODS },
    buckets: withEdges(
      [...REQUEST_BUCKETS, LONGEST_TOLD_SECONDS.latency],
      limits.filter(({ id }) => id === "latency_p95"),
    ),
    // For requests that carry a trace.
    enableExemplars: true,
  });
  const total = counter(registry, {
    name: "sentiment_requests_total",
    help: "Sentiment requests by how they ended.",
    labels: { outcome: OUTCOMES },
  });
  return {
    finished({ outcome, seconds, attribution, traceId }) {
      const exemplarLabels: object = traceId === undefined ? {} : { trace_id: traceId };
      total.inc({ outcome });
      if (!TIMED_OUTCOMES.includes(outcome)) return;
      duration.observe({ labels: { attribution }, value: seconds, exemplarLabels });
    },
  };
}

const LABELS: readonly Label[] = ["positive", "negative", "neutral"];

/** `sentiment_messages_total`: answered messages, and whether the model or the cache answered. */
export function messageMetrics(registry: Registry): (results: readonly SentimentResult[]) => void {
  const total = counter(registry, {
    name: "sentiment_messages_total",
    help: "Answered messages by label and by what answered them.",
    labels: { label: LABELS, source: ["model", "cache"] },
  });
  return (results) => {
    // Counted first: a batch has 128 messages and six series at most.
    for (const label of LABELS) {
      const those = results.filter((result) => result.label === label);
      const cached = those.filter((result) => result.cached).length;
      if (cached > 0) total.inc({ label, source: "cache" }, cached);
      if (cached < those.length) total.inc({ label, source: "model" }, those.length - cached);
    }
  };
}

/** Batches of the model, and how long messages waited for it. */
export function batchMetrics(registry: Registry): BatchObserver {
  const size = histogram(registry, {
    name: "sentiment_batch_size",
    help: "Messages that the model answered together.",
    buckets: [1, 8, 32, 128],
  });
  const duration = histogram(registry, {
    name: "sentiment_batch_duration_seconds",
    help: "Time from handing a batch to the model until its scores are there.",
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 1, 2.5, 5],
  });
  const wait = histogram(registry, {
    name: "headroom_queue_wait_seconds",
    help: "Time from a request's arrival at the queue until the model takes its first message.",
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
  });
  return {
    batch(messages, seconds) {
      size.observe(messages);
      duration.observe(seconds);
    },
    waited: (seconds) => wait.observe(seconds),
  };
}

/** `headroom_queue_depth`. */
export function queueMetrics(registry: Registry, depth: () => number): void {
  const help = "Messages that wait for the model.";
  readGauge(registry, { name: "headroom_queue_depth", help }, () => [[{}, depth()]]);
}
