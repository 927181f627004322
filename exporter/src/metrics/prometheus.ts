/** The only module that names the metrics library, which is about to be renamed. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

export { collectDefaultMetrics, type Registry };

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

/** What a metric shows. */
interface Description {
  readonly name: string;
  readonly help: string;
}

/** All values of each label; none for a label whose values are not known before. */
type Labels<L extends string> = Readonly<Record<L, readonly string[]>>;

/** A counter whose every series begins at 0: a rate needs a value before the first event. */
export function counter<L extends string>(
  registry: Registry,
  { labels, ...description }: Description & { readonly labels: Labels<L> },
): Counter<L> {
  const labelNames = Object.keys(labels) as L[];
  const made = new Counter({ ...description, labelNames, registers: [registry] });
  for (const series of combinations(labels)) made.inc(series, 0);
  return made;
}

/** A histogram whose every series begins empty. */
export function histogram<L extends string = never>(
  registry: Registry,
  {
    labels = {} as Labels<L>,
    ...description
  }: Description & {
    readonly buckets: number[];
    readonly labels?: Labels<L>;
    /** Written in the OpenMetrics format only. */
    readonly enableExemplars?: boolean;
  },
): Histogram<L> {
  const labelNames = Object.keys(labels) as L[];
  const made = new Histogram<L>({ ...description, labelNames, registers: [registry] });
  for (const series of combinations(labels)) made.zero(series);
  return made;
}

/** A value and the labels of its series. */
export type Sample<L extends string> = readonly [Partial<Record<L, string>>, number];

/** A gauge whose series are read at each scrape. */
export function readGauge<L extends string = never>(
  registry: Registry,
  { labels = [], ...description }: Description & { readonly labels?: readonly L[] },
  read: () => Iterable<Sample<L>> | Promise<Iterable<Sample<L>>>,
): void {
  new Gauge<L>({
    ...description,
    labelNames: labels,
    registers: [registry],
    async collect() {
      const samples = await read();
      this.reset();
      // prom-client sets one without labels to 0, which says something where nothing is known.
      if (labels.length === 0) this.remove({} as Record<L, string>);
      for (const [series, value] of samples) this.set(series as Record<L, string>, value);
    },
  });
}

/**
 * A counter that something else counts: its series are read at each scrape. Each must be given from the
 * beginning, at 0.
 */
export function readCounter<L extends string>(
  registry: Registry,
  { labels, ...description }: Description & { readonly labels: readonly L[] },
  read: () => Iterable<Sample<L>>,
): void {
  new Counter<L>({
    ...description,
    labelNames: labels,
    registers: [registry],
    collect() {
      this.reset();
      for (const [series, value] of read()) this.inc(series as Record<L, string>, value);
    },
  });
}

function combinations<L extends string>(labels: Labels<L>): Record<L, string>[] {
  let all = [{} as Record<L, string>];
  for (const [label, values] of Object.entries<readonly string[]>(labels)) {
    all = all.flatMap((series) => values.map((value) => ({ ...series, [label]: value })));
  }
  return all;
}

/** Adds the limits' values to a list of bucket edges. */
export function withEdges(
  edges: readonly number[],
  limits: readonly { lower?: number; upper?: number }[],
): number[] {
  const values = limits.flatMap(({ lower, upper }) => [lower, upper]);
  const all = [...edges, ...values.filter((value) => value !== undefined)];
  return [...new Set(all)].sort((a, b) => a - b);
}
