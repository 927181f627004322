import { createMetrics } from "@headroom/exporter/metrics/metrics";
import type { Exposition } from "@headroom/exporter/metrics/registry";
import { createMetrics as createIncidentsMetrics } from "@headroom/incidents/metrics";
import { markdownTable } from "./markdown-table.ts";

/** What prom-client knows of a metric; its types leave out the last two. */
interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: unknown;
  readonly labelNames: readonly string[];
  readonly buckets?: readonly number[];
}

/** Units by the end of a metric's name, once the `_total` of counters is gone; the first that fits. */
const UNITS: readonly (readonly [RegExp, string])[] = [
  [/_info$/, "info"],
  [/_timestamp_seconds$|_start_time_seconds$/, "seconds since 1970"],
  [/_seconds$/, "seconds"],
  [/_bytes$/, "bytes"],
  [/_nats$/, "nats"],
  [/_ratio$/, "ratio"],
  [/_limit$/, "that of the limit"],
  [/_ready$/, "0 or 1"],
  [/_token_usage$/, "tokens"],
];

/** The metrics of the exporter; nothing is measured, only what would be is listed. */
export function exporterMetrics(): string {
  const metrics = createMetrics({ version: "0" });
  const none = async () => [];
  metrics.watch({
    models: [
      { id: "none", fingerprint: "", engine: "simulated", architecture: "none", memoryBytes: 0 },
    ],
    ready: { sentiment: () => undefined, status: () => undefined },
    queueDepth: () => 0,
    cacheStats: { sentiment: none, status: none },
    chat: {
      model: () => undefined,
      waiting: () => 0,
      busy: () => 0,
      memoryBytes: () => undefined,
    },
    memory: async () => ({}),
    limits: none,
  });
  metrics.close();
  return metricTable(metrics.exposition);
}

/** The metrics of the incidents process. */
export function incidentsMetrics(): string {
  const metrics = createIncidentsMetrics();
  metrics.watch(async () => new Map());
  metrics.close();
  return metricTable(metrics.exposition);
}

function metricTable({ registry }: Exposition): string {
  const metrics = registry.getMetricsAsArray() as unknown as readonly Metric[];
  return markdownTable(
    ["Name", "Type", "Labels", "Unit", "Meaning", "Buckets"],
    metrics
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name, type, labelNames, help, buckets }) => [
        `\`${name}\``,
        String(type),
        labelNames.map((label) => `\`${label}\``).join(", "),
        unitOf(name),
        help,
        buckets?.join(", ") ?? "",
      ]),
  );
}

function unitOf(name: string): string {
  const measured = name.replace(/_total$/, "");
  return UNITS.find(([end]) => end.test(measured))?.[1] ?? "count";
}
