import type { Limit } from "../../../alerts/limits.ts";
import type { LookupObserver, TierStats } from "../cache/cache.ts";
import type { ModelInfo } from "../engine/scorer.ts";
import type { RequestObserver } from "../http/outcome.ts";
import type { BatchObserver } from "../sentiment/batcher.ts";
import type { AnalyserParts } from "../sentiment/model-analyser.ts";
import { attributionMetrics } from "./attribution.ts";
import { batchMetrics, queueMetrics } from "./batches.ts";
import { buildMetrics } from "./build.ts";
import { cacheGauges, cacheLookups } from "./cache.ts";
import { limitMetrics } from "./limits.ts";
import { memoryMetrics } from "./memory.ts";
import { messageMetrics } from "./messages.ts";
import { createExposition, type Exposition } from "./registry.ts";
import { requestMetrics } from "./requests.ts";
import { runtimeMetrics } from "./runtime.ts";

/** What is known before the parts that are measured exist. */
export interface MetricsOptions {
  readonly version: string;
  readonly limits: readonly Limit[];
  readonly capacityBytes: number;
}

/** The parts whose state is read at each scrape. */
export interface MeasuredParts {
  /** One for each copy of the model. */
  readonly models: readonly ModelInfo[];
  readonly queueDepth: () => number;
  readonly cacheStats: () => Promise<TierStats[]>;
}

/** Everything that the exporter measures about itself. */
export interface Metrics {
  readonly exposition: Exposition;
  readonly requests: RequestObserver;
  readonly batches: BatchObserver;
  readonly lookups: LookupObserver;
  readonly analyses: AnalyserParts["observer"];
  /** Adds the metrics that read the state of running parts. */
  watch(parts: MeasuredParts): void;
  /** Stops the timers. */
  close(): void;
}

/** Creates all metrics in one registry. */
export function createMetrics({ version, limits, capacityBytes }: MetricsOptions): Metrics {
  const exposition = createExposition();
  const { registry } = exposition;
  limitMetrics(registry, limits);
  return {
    exposition,
    requests: requestMetrics(registry),
    batches: batchMetrics(registry),
    lookups: cacheLookups(registry),
    analyses: { answered: messageMetrics(registry), attributed: attributionMetrics(registry) },
    watch({ models, queueDepth, cacheStats }) {
      buildMetrics(registry, version, models[0]!);
      queueMetrics(registry, queueDepth);
      cacheGauges(registry, cacheStats);
      memoryMetrics(registry, capacityBytes, {
        model: () => models.reduce((sum, model) => sum + model.memoryBytes, 0),
        cache: async () => {
          const memory = (await cacheStats()).find(({ tier }) => tier === "memory");
          return memory?.bytes ?? 0;
        },
      });
    },
    close: runtimeMetrics(registry),
  };
}
