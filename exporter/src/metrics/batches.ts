import { Gauge, Histogram, type Registry } from "./prometheus.ts";
import type { BatchObserver } from "../sentiment/batcher.ts";

/** Batches of the model, and what waits for it. */
export function batchMetrics(registry: Registry): BatchObserver {
  const size = new Histogram({
    name: "sentiment_batch_size",
    help: "Messages that the model answered together.",
    buckets: [1, 2, 4, 8, 16, 32, 64, 128],
    registers: [registry],
  });
  const duration = new Histogram({
    name: "sentiment_batch_duration_seconds",
    help: "Time from handing a batch to the model until its scores are there.",
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  });
  const wait = new Histogram({
    name: "headroom_queue_wait_seconds",
    help: "Time from a request's arrival at the queue until the model takes its first message.",
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers: [registry],
  });
  return {
    batch(messages, seconds) {
      size.observe(messages);
      duration.observe(seconds);
    },
    waited: (seconds) => wait.observe(seconds),
  };
}

/** `headroom_queue_depth`, read at each scrape. */
export function queueMetrics(registry: Registry, depth: () => number): void {
  new Gauge({
    name: "headroom_queue_depth",
    help: "Messages that wait for the model.",
    registers: [registry],
    collect() {
      this.set(depth());
    },
  });
}
