import { collectDefaultMetrics, histogram, readGauge, type Registry } from "./prometheus.ts";

/** How often the delay of the event loop is sampled. */
const SAMPLE_SECONDS = 0.02;

/**
 * Process and Node.js metrics.
 *
 * prom-client's own event loop and GC metrics lose samples between scrapes, and its `*_total`
 * gauges break the naming rules; they are left out, and the event loop is sampled here. Nobody looks at
 * the thirteen spaces of the heap, which were 39 series of each exporter.
 *
 * @returns stops the sampling
 */
export function runtimeMetrics(registry: Registry): () => void {
  collectDefaultMetrics({ register: registry });
  for (const { name } of registry.getMetricsAsArray()) {
    if (/eventloop|_gc_|_active_|_version_info|_heap_space_/.test(name))
      registry.removeSingleMetric(name);
  }
  const delay = histogram(registry, {
    name: "nodejs_eventloop_delay_seconds",
    help: "How much later than asked a timer ran, sampled 50 times a second.",
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1],
  });
  let expected = performance.now() + SAMPLE_SECONDS * 1000;
  const timer = setInterval(() => {
    const now = performance.now();
    delay.observe(Math.max(0, now - expected) / 1000);
    expected = now + SAMPLE_SECONDS * 1000;
  }, SAMPLE_SECONDS * 1000);
  timer.unref();
  return () => clearInterval(timer);
}

/** `headroom_build_info`: the program that runs, as labels of a constant 1. */
export function buildMetrics(registry: Registry, version: string, engine: string): void {
  const { node } = process.versions;
  const simulated = String(engine === "simulated");
  readGauge(
    registry,
    {
      name: "headroom_build_info",
      help: "The program that runs; simulated means that no model answers.",
      labels: ["version", "node", "engine", "simulated"],
    },
    () => [[{ version, node, engine, simulated }, 1]],
  );
}
