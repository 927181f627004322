import { type Limit, LIMITS } from "@headroom/alerts/limits";
import { leastDirect, type ModelInfo } from "../engine/scorer.ts";
import { attributionMetrics } from "./attribution.ts";
import { cacheCounters, cacheGauges, type CacheStats } from "./cache.ts";
import { chatMetrics, chatStateMetrics, type ChatState } from "./chat.ts";
import { genAiMetrics, statusGenerations, type Provider } from "./gen-ai.ts";
import { limitMetrics, type LimitSource } from "./limits.ts";
import { memoryMetrics, type MemorySources } from "./memory.ts";
import {
  modelMetrics,
  modelReadyMetrics,
  modelRestarts,
  type ModelReadiness,
  type ShownModel,
} from "./models.ts";
import { createExposition } from "./prometheus.ts";
import { buildMetrics, runtimeMetrics } from "./runtime.ts";
import { batchMetrics, messageMetrics, queueMetrics, requestMetrics } from "./sentiment.ts";
import { chatQueueMetrics, statusMetrics } from "./status.ts";

/** The parts whose state is read at each scrape. */
export interface MeasuredParts {
  /** One for each copy of the model. */
  readonly models: readonly ModelInfo[];
  readonly ready: ModelReadiness;
  readonly queueDepth: () => number;
  readonly cacheStats: CacheStats;
  /** The chat model, which may come later, and go. */
  readonly chat: {
    readonly model: () => ShownModel | undefined;
    /** Requests that wait for it. */
    readonly waiting: () => number;
    /** Sequences that work. */
    readonly busy: () => number;
    /** Memory of its process, in bytes; undefined when it is not known. */
    readonly memoryBytes: MemorySources["chat"];
  };
  readonly chatRequests: ChatState;
  readonly memory: MemorySources["scopes"];
  readonly limits: LimitSource;
}

/** Everything that the exporter measures about itself. */
export type Metrics = ReturnType<typeof createMetrics>;

/**
 * Creates all metrics in one registry, and samples the event loop until they are closed.
 *
 * @param provider - who answers the requests of OpenAI's API
 * @param limits - on whose values edges of the histograms lie
 */
export function createMetrics({
  version,
  provider = "headroom",
  limits = LIMITS,
}: {
  readonly version: string;
  readonly provider?: Provider;
  readonly limits?: readonly Limit[];
}) {
  const exposition = createExposition();
  const { registry } = exposition;
  const genAi = genAiMetrics(registry, limits);
  const stopSampling = runtimeMetrics(registry);
  return {
    exposition,
    requests: requestMetrics(registry, limits),
    batches: batchMetrics(registry),
    caches: cacheCounters(registry),
    analyses: {
      answered: messageMetrics(registry),
      attributed: attributionMetrics(registry, limits),
    },
    status: statusMetrics(registry, limits),
    /** A process with the model of this task was started again. */
    restarted: modelRestarts(registry),
    generations: statusGenerations(genAi),
    chat: chatMetrics(registry, genAi, provider, limits),
    /** Adds the metrics that read the state of running parts. */
    watch({
      models,
      ready,
      queueDepth,
      cacheStats,
      chat,
      chatRequests,
      memory,
      limits: current,
    }: MeasuredParts): void {
      limitMetrics(registry, current);
      buildMetrics(registry, version, models[0]!.engine);
      modelMetrics(registry, { sentiment: () => leastDirect(models), status: chat.model });
      modelReadyMetrics(registry, ready);
      chatQueueMetrics(registry, chat);
      chatStateMetrics(registry, chatRequests);
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
    close: stopSampling,
  };
}
