import type { Logger } from "pino";
import { limitsFor, limitsWithin } from "@headroom/alerts/limits";
import pkg from "../package.json" with { type: "json" };
import { openAnswerCache } from "./cache/open-answer-cache.ts";
import { ChatModel } from "./chat-model.ts";
import type { Config } from "./config.ts";
import { startPlacedScorers, type DeviceForTests } from "./engine/placed-scorers.ts";
import { accessLabel, describeAccess, leastDirect } from "./engine/scorer.ts";
import { createApp } from "./http/app.ts";
import { Drain } from "./http/drain.ts";
import { listen } from "./http/server.ts";
import { isLoopback } from "./loopback.ts";
import { fullest } from "./hardware/memory/machine-memory.ts";
import { byScope, capacitiesOf, MemoryReader } from "./hardware/memory/memory-reader.ts";
import { thisMachine } from "./hardware/sources.ts";
import { createMetrics } from "./metrics/metrics.ts";
import { watchFile } from "./models/watch-file.ts";
import { createBatcher } from "./sentiment/batcher.ts";
import { parseCachedResult } from "./sentiment/cached-result.ts";
import { createAnalyser } from "./sentiment/model-analyser.ts";
import { warmUp } from "./sentiment/warm-up.ts";
import { createAnalyst } from "./status/analyst.ts";
import { machineReaders } from "./status/snapshot/machine-readers.ts";
import { createSnapshots } from "./status/snapshot/snapshots.ts";
import { STRATEGY } from "./status/strategies.ts";
import { parseSummary } from "./status/summary.ts";

/** Short enough for a state to be called now, long enough for many requests to share it. */
const SNAPSHOT_TTL_SECONDS = 2;

/** Several periods of the memory's reader on a busy Mac; then a program that it started is ended. */
const MEMORY_LIMIT_MS = 10_000;

/** A running exporter. */
export interface Exporter {
  readonly url: string;
  /** Finishes the requests in flight, then frees everything. */
  stop(): Promise<void>;
}

/**
 * Puts the parts together and listens.
 *
 * @param forTests - a device to try the sentiment model on, instead of those that are found
 * @throws HeadroomError when the model cannot be loaded
 * @throws Error when the address cannot be used
 */
export async function startExporter(
  config: Config,
  logger: Logger,
  forTests?: DeviceForTests,
): Promise<Exporter> {
  const metrics = createMetrics({ version: pkg.version });
  const sentimentFile = config.simulate
    ? undefined
    : await watchFile(config.model, (reason) =>
        logger.warn({ reason }, "the sentiment model's file is another one"),
      );
  const placed = await startPlacedScorers(config, logger, forTests, () =>
    metrics.restarted("sentiment"),
  );
  const { scorers } = placed;
  const warm = config.simulate
    ? undefined
    : await warmUp(scorers).catch((error: Error) => {
        // A scorer that cannot work says so when it is asked.
        logger.warn({ reason: error.message }, "the warm-up failed");
      });
  const cache = openAnswerCache({
    ...config,
    parse: parseCachedResult,
    observe: metrics.caches.sentiment,
    logger,
  });
  const statusCache = openAnswerCache({
    ...config,
    // Each answer has its strategy's time; one copied from Redis is not kept longer than the shortest.
    cacheTtlSeconds: STRATEGY.quality.cacheTtlSeconds,
    parse: parseSummary,
    observe: metrics.caches.status,
    logger,
  });
  const chat = await ChatModel.open(config, {
    logger,
    onRestart: () => metrics.restarted("status"),
  });
  const memory = await MemoryReader.open({
    sources: thisMachine(MEMORY_LIMIT_MS),
    pids: () => [process.pid, ...(chat.pid ? [chat.pid] : []), ...placed.pids],
    onFailure: (error) => logger.warn({ reason: error.message }, "memory cannot be read"),
  });
  const scopes = async () => {
    const reading = memory.latest;
    const devices = [await chat.queue?.generator.deviceMemory(), placed.deviceMemory];
    return reading ? byScope(reading, fullest(devices)) : {};
  };
  const limits = async () =>
    limitsWithin(capacitiesOf(await scopes()), limitsFor(config.memoryBytes));
  const snapshots = createSnapshots({
    ttlSeconds: SNAPSHOT_TTL_SECONDS,
    readers: machineReaders(async () => memory.latest?.machine),
  });
  const batcher = createBatcher({
    scorers,
    maxWaitSeconds: config.batchWaitMs / 1000,
    deadlineSeconds: config.requestTimeoutSeconds,
    tokensPerSecond: warm?.tokensPerSecond,
    observer: metrics.batches,
  });
  const models = scorers.map((scorer) => scorer.model);
  const shown = leastDirect(models);
  const engine = describeAccess(shown);
  const down = () => scorers.filter((scorer) => scorer.failure);
  metrics.watch({
    models,
    ready: { sentiment: () => down().length < scorers.length, status: () => chat.ready },
    queueDepth: () => batcher.depth,
    cacheStats: { sentiment: () => cache.stats(), status: () => statusCache.stats() },
    chat: {
      model: () => chat.queue?.generator.model,
      waiting: () => chat.queue?.waiting ?? 0,
      busy: () => chat.queue?.generator.busy ?? 0,
      memoryBytes: () =>
        chat.pid === undefined ? 0 : memory.latest?.processes.bytes.get(chat.pid),
    },
    memory: scopes,
    limits,
  });
  const drain = new Drain();
  const timeouts = {
    requestTimeoutSeconds: config.requestTimeoutSeconds,
    bodyTimeoutSeconds: config.requestTimeoutSeconds,
  };
  const app = createApp({
    ...timeouts,
    analyser: createAnalyser({ model: models[0]!, batcher, cache, observer: metrics.analyses }),
    analyst: createAnalyst({
      snapshots,
      model: () => chat.queue,
      cache: statusCache,
      observer: {
        asked: (model, { generation, queueMs, error }) => {
          if (generation) metrics.generations(model, generation, queueMs / 1000);
          if (error) logger.warn({ model, reason: error.message }, "the chat model failed");
        },
        answered: ({ scenario, fallback, cached }) =>
          !cached && metrics.status.summarised(scenario, fallback),
      },
    }),
    hardware: async () => {
      const source = memory.latest?.processes.source;
      return {
        ...chat.report(),
        sentiment: {
          ...{ model: shown.id, engine },
          ...(placed.placement && { placement: placed.placement }),
        },
        ...(source && { memory: { scopes: await scopes(), source } }),
      };
    },
    limits,
    metrics: metrics.exposition,
    requests: metrics.requests,
    statusRequests: metrics.status,
    readiness: () => {
      const failed = down();
      // Loading takes seconds and is waited for, but only at first; fetching takes minutes and is not.
      const isStarting = chat.queue === undefined && chat.state.phase === "loading";
      const isWhole = failed.length === 0 && chat.ready !== false;
      return {
        state:
          failed.length === scorers.length || isStarting
            ? "not_ready"
            : isWhole
              ? "ready"
              : "degraded",
        parts: {
          sentiment: failed[0]
            ? `${scorers.length - failed.length} of ${scorers.length} scorers work: ${failed[0].failure!.message}`
            : withChange(models[0]!.id, sentimentFile?.changed),
          status:
            chat.state.phase === "ready"
              ? withChange(chat.state.text, chat.fileChanged)
              : `${chat.state.phase}: ${chat.state.text}`,
        },
      };
    },
    drain,
    logger,
    token: config.token,
    localNamesOnly: isLoopback(config.host),
    queueMessages: config.queueMessages,
    statusQueue: config.statusQueue,
  });
  const release = async () => {
    sentimentFile?.close();
    metrics.close();
    memory.close();
    snapshots.close();
    await Promise.all([...[cache, statusCache, chat, placed].map((part) => part.close())]);
  };
  const { server, url } = await listen(app, { ...timeouts, ...config }).catch(async (error) => {
    await release();
    throw error;
  });
  if (accessLabel(shown) === "node_llama_cpp") {
    logger.warn({ engine }, "the sentiment engine is called score by score, which is slower");
  }
  const placement = placed.placement?.why;
  logger.info({ url, model: shown.id, engine, placement }, "listening");
  // Not while the scorers warm up, which would make the processor look slow.
  placed.tryDevice();
  return {
    url,
    async stop() {
      const { cutOff } = await drain.stop(server, config.drainSeconds);
      await release();
      logger.info({ cutOff }, "stopped");
    },
  };
}

/** A model that answers, and what happened to its file since. */
function withChange(id: string, changed: string | undefined): string {
  return changed === undefined ? id : `${id}; ${changed}`;
}
