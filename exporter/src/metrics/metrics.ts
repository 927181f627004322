import type { CacheObserver } from "../cache/cache.ts";
import { leastDirect, type ModelInfo } from "../engine/scorer.ts";
import type { RequestObserver } from "../http/outcome.ts";
import type { BatchObserver } from "../sentiment/batcher.ts";
import type { AnalyserParts } from "../sentiment/model-analyser.ts";
import { attributionMetrics } from "./attribution.ts";
import { batchMetrics, queueMetrics } from "./batches.ts";
import { buildMetrics, modelMetrics, type ShownModel } from "./build.ts";
import { cacheCounters, cacheGauges, type CacheName, type CacheStats } from "./cache.ts";
import { genAiMetrics, type GenerationObserver } from "./gen-ai.ts";
import { limitMetrics, type LimitSource } from "./limits.ts";
import { memoryMetrics, type MemorySources } from "./memory.ts";
import { messageMetrics } from "./messages.ts";
import {
  modelReadyMetrics,
  modelRestarts,
  type ModelReadiness,
  type ModelTask,
} from "./model-ready.ts";
import { createExposition, type Exposition } from "./registry.ts";
import { requestMetrics } from "./requests.ts";
import { runtimeMetrics } from "./runtime.ts";
import { chatQueueMetrics, statusMetrics, type StatusMetrics } from "./status.ts";

/** What is known before the parts that are measured exist. */
export interface MetricsOptions {
  readonly version: string;
}

/** The parts whose state is read at each scrape. */
export interface MeasuredParts {
  /** One for each copy of the model. */
  readonly models: readonly ModelInfo[];
  readonly ready: ModelReadiness;
  readonly queueDepth: () => number;
  readonly cacheStats: CacheStats;
  readonly chat: MeasuredChat;
  readonly memory: MemorySources["scopes"];
  readonly limits: LimitSource;
}

/** The chat model, which may come later, and go. */
export interface MeasuredChat {
  readonly model: () => ShownModel | undefined;
  /** Questions that wait for it. */
  readonly waiting: () => number;
  /** Sequences that work. */
  readonly busy: () => number;
  /** Memory of its process, in bytes; undefined when it is not known. */
  readonly memoryBytes: MemorySources["chat"];
}

/** Everything that the exporter measures about itself. */
export interface Metrics {
  readonly exposition: Exposition;
  readonly requests: RequestObserver;
  readonly batches: BatchObserver;
  readonly caches: Readonly<Record<CacheName, CacheObserver>>;
  readonly analyses: AnalyserParts["observer"];
  readonly status: StatusMetrics;
  readonly generations: GenerationObserver;
  /** A process with the model of this task was started again. */
  readonly restarted: (task: ModelTask) => void;
  /** Adds the metrics that read the state of running parts. */
  watch(parts: MeasuredParts): void;
  /** Stops the timers. */
  close(): void;
}

/** Creates all metrics in one registry. */
export function createMetrics({ version }: MetricsOptions): Metrics {
  const exposition = createExposition();
  const { registry } = exposition;
  return {
    exposition,
    requests: requestMetrics(registry),
    batches: batchMetrics(registry),
    caches: cacheCounters(registry),
    analyses: { answered: messageMetrics(registry), attributed: attributionMetrics(registry) },
    status: statusMetrics(registry),
    restarted: modelRestarts(registry),
    generations: genAiMetrics(registry),
    watch({ models, ready, queueDepth, cacheStats, chat, memory, limits }) {
      limitMetrics(registry, limits);
      buildMetrics(registry, version, models[0]!);
      modelMetrics(registry, { sentiment: () => leastDirect(models), status: chat.model });
      modelReadyMetrics(registry, ready);
      chatQueueMetrics(registry, chat);
      queueMetrics(registry, queueDepth);
      cacheGauges(registry, cacheStats);
      memoryMetrics(registry, {
        scopes: memory,
        model: () => models.reduce((sum, model) => sum + model.memoryBytes, 0),
        chat: chat.memoryBytes,
        cache: async () => {
          const tiers = await Promise.all([cacheStats.sentiment(), cacheStats.status()]);
          const inMemory = tiers.flat().filter(({ tier }) => tier === "memory");
          return inMemory.reduce((sum, { bytes }) => sum + bytes, 0);
        },
      });
    },
    close: runtimeMetrics(registry),
  };
}
