import { Registry } from "./prometheus.ts";

/** The exporter's metrics, in the format that a scraper asks for. */
export interface Exposition {
  readonly registry: Registry;
  /**
   * All metrics as text.
   *
   * @param accept - the scraper's Accept header; OpenMetrics is written when it is named there
   */
  text(accept: string | undefined): Promise<{ contentType: string; body: string }>;
}

/** Creates an empty registry with its exposition. */
export function createExposition(): Exposition {
  const registry = new Registry();
  // Only a registry of this format takes metrics with exemplars; each scrape sets its own.
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE as never);
  let scrape: Promise<unknown> = Promise.resolve();

  async function write(contentType: typeof Registry.PROMETHEUS_CONTENT_TYPE) {
    registry.setContentType(contentType);
    const names = registry.getMetricsAsArray().map((metric) => ({ metric, name: metric.name }));
    try {
      return { contentType, body: await registry.metrics() };
    } finally {
      // Writing OpenMetrics strips `_total` from the counters' names for good (prom-client 15.1.3).
      for (const { metric, name } of names) metric.name = name;
    }
  }

  return {
    registry,
    text(accept) {
      const contentType = accept?.includes("application/openmetrics-text")
        ? Registry.OPENMETRICS_CONTENT_TYPE
        : Registry.PROMETHEUS_CONTENT_TYPE;
      // One after the other: the format is a state of the registry.
      const result = scrape.then(() => write(contentType as never));
      scrape = result.catch(() => {});
      return result;
    },
  };
}
