import { withEdges } from "./edges.ts";
import { ATTRIBUTION_METHODS } from "../sentiment/result.ts";
import { Counter, Histogram, type Registry } from "./prometheus.ts";
import { limit, LONGEST_TOLD_SECONDS, TIMED_OUTCOMES } from "@headroom/alerts/limits";
import { OUTCOMES, type RequestObserver } from "../http/outcome.ts";

/**
 * Bucket edges in seconds. An edge lies on each latency limit, because `histogram_quantile`
 * interpolates between edges and could not tell a value at the limit otherwise.
 */
const REQUEST_BUCKETS = withEdges(
  [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 1, 2.5, LONGEST_TOLD_SECONDS.latency],
  [limit("latency_p95", "warning"), limit("latency_p95", "critical")],
);

/** `sentiment_request_duration_seconds` and `sentiment_requests_total`. */
export function requestMetrics(registry: Registry): RequestObserver {
  const duration = new Histogram<"attribution" | "trace_id">({
    name: "sentiment_request_duration_seconds",
    help:
      "Time of a sentiment request that was answered or missed its deadline, from acceptance to its " +
      "last byte, queueing and cache hits included.",
    labelNames: ["attribution"],
    buckets: REQUEST_BUCKETS,
    // Written in the OpenMetrics format only, for requests that carry a trace.
    enableExemplars: true,
    registers: [registry],
  });
  const total = new Counter({
    name: "sentiment_requests_total",
    help: "Sentiment requests by how they ended.",
    labelNames: ["outcome"],
    registers: [registry],
  });
  // A rate needs a first value before the first event.
  for (const outcome of OUTCOMES) total.inc({ outcome }, 0);
  for (const attribution of ATTRIBUTION_METHODS) duration.zero({ attribution });
  return {
    finished({ outcome, seconds, attribution, traceId }) {
      const exemplarLabels = traceId === undefined ? {} : { trace_id: traceId };
      total.inc({ outcome });
      if (!TIMED_OUTCOMES.includes(outcome)) return;
      duration.observe({ labels: { attribution }, value: seconds, exemplarLabels });
    },
  };
}
