import { fileURLToPath } from "node:url";
import type { Logger } from "pino";
import { limitsFor } from "../../alerts/limits.ts";
import pkg from "../package.json" with { type: "json" };
import { openAnswerCache } from "./cache/open-answer-cache.ts";
import type { Config } from "./config.ts";
import { startScorers } from "./engine/scorers.ts";
import { createApp } from "./http/app.ts";
import { Drain } from "./http/drain.ts";
import { listen } from "./http/server.ts";
import { isLoopback } from "./loopback.ts";
import { createMetrics } from "./metrics/metrics.ts";
import { createBatcher } from "./sentiment/batcher.ts";
import { parseCachedResult } from "./sentiment/cached-result.ts";
import { createAnalyser } from "./sentiment/model-analyser.ts";

/** Seen from here and from the bundle exporter/dist/main.js alike. */
const RUNBOOKS = fileURLToPath(new URL("../../alerts/runbooks", import.meta.url));

/** A running exporter. */
export interface Exporter {
  readonly url: string;
  /** Finishes the requests in flight, then frees everything. */
  stop(): Promise<void>;
}

/**
 * Puts the parts together and listens.
 *
 * @throws HeadroomError when the model cannot be loaded
 * @throws Error when the address cannot be used
 */
export async function startExporter(config: Config, logger: Logger): Promise<Exporter> {
  const limits = limitsFor(config.memoryBytes);
  const metrics = createMetrics({
    version: pkg.version,
    limits,
    capacityBytes: config.memoryBytes,
  });
  const scorers = await startScorers(config);
  const cache = openAnswerCache({
    ...config,
    parse: parseCachedResult,
    observe: metrics.lookups,
    logger,
  });
  const batcher = createBatcher({
    scorers,
    maxWaitSeconds: config.batchWaitMs / 1000,
    observer: metrics.batches,
  });
  const models = scorers.map((scorer) => scorer.model);
  metrics.watch({
    models,
    queueDepth: () => batcher.depth,
    cacheStats: () => cache.stats(),
  });
  const drain = new Drain();
  const timeouts = {
    requestTimeoutSeconds: config.requestTimeoutSeconds,
    bodyTimeoutSeconds: config.requestTimeoutSeconds,
  };
  const app = createApp({
    ...timeouts,
    analyser: createAnalyser({ model: models[0]!, batcher, cache, observer: metrics.analyses }),
    limits,
    metrics: metrics.exposition,
    requests: metrics.requests,
    readiness: () => {
      const failure = scorers.find((scorer) => scorer.failure)?.failure;
      return {
        ready: failure === undefined,
        parts: { sentiment: failure ? `failed: ${failure.message}` : models[0]!.id },
      };
    },
    drain,
    logger,
    token: config.token,
    localNamesOnly: isLoopback(config.host),
    runbooksFolder: RUNBOOKS,
    queueMessages: config.queueMessages,
  });
  const release = async () => {
    metrics.close();
    await Promise.all([cache.close(), ...scorers.map((scorer) => scorer.close())]);
  };
  const { server, url } = await listen(app, { ...timeouts, ...config }).catch(async (error) => {
    await release();
    throw error;
  });
  logger.info({ url, model: models[0]!.id, engine: models[0]!.engine }, "listening");
  return {
    url,
    async stop() {
      const { cutOff } = await drain.stop(server, config.drainSeconds);
      await release();
      logger.info({ cutOff }, "stopped");
    },
  };
}
