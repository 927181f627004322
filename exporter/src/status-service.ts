import type { Logger } from "pino";
import { openAnswerCache } from "./cache/answer-cache.ts";
import type { ChatModel } from "./chat-model.ts";
import type { Config } from "./config.ts";
import type { MemoryReader } from "./hardware/memory/memory-reader.ts";
import type { Metrics } from "./metrics/metrics.ts";
import { createAnalyst } from "./status/analyst.ts";
import { machineReaders } from "./status/snapshot/machine-readers.ts";
import { createSnapshots } from "./status/snapshot/snapshots.ts";
import { STRATEGY } from "./status/answer.ts";
import { parseSummary } from "./status/summary/summary.ts";

/** Short enough for a state to be called now, long enough for many requests to share it. */
const SNAPSHOT_TTL_SECONDS = 2;

/** Puts together what answers status requests: snapshots of the machine, the chat model, a cache. */
export function openStatusService(
  config: Config,
  logger: Logger,
  metrics: Metrics,
  { chat, memory }: { readonly chat: ChatModel; readonly memory: MemoryReader },
) {
  const cache = openAnswerCache({
    ...config,
    // Each answer has its strategy's time; one copied from Redis is not kept longer than the shortest.
    cacheTtlSeconds: STRATEGY.quality.cacheTtlSeconds,
    parse: parseSummary,
    observe: metrics.caches.status,
    logger,
  });
  const snapshots = createSnapshots({
    ttlSeconds: SNAPSHOT_TTL_SECONDS,
    readers: machineReaders(async () => memory.latest?.machine),
  });
  const analyst = createAnalyst({
    snapshots,
    model: () => chat.queue,
    cache,
    observer: {
      asked: (model, { generation, queueMs, error }) => {
        if (generation) metrics.generations(model, generation, queueMs / 1000);
        if (error) logger.warn({ model, reason: error.message }, "the chat model failed");
      },
      answered: ({ scenario, fallback, cached }) =>
        !cached && metrics.status.summarised(scenario, fallback),
    },
  });
  return {
    analyst,
    cache,
    async close(): Promise<void> {
      snapshots.close();
      await cache.close();
    },
  };
}
