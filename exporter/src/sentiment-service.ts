import type { Logger } from "pino";
import { openAnswerCache } from "./cache/answer-cache.ts";
import type { Config } from "./config.ts";
import { leastDirect } from "./engine/scorer.ts";
import { startPlacedScorers, type DeviceForTests } from "./engine/placed-scorers.ts";
import type { Metrics } from "./metrics/metrics.ts";
import { watchFile } from "./models/watch-file.ts";
import { createBatcher } from "./sentiment/batcher.ts";
import { parseCachedResult } from "./sentiment/result.ts";
import { createAnalyser } from "./sentiment/analyser.ts";
import { warmUp } from "./sentiment/warm-up.ts";

/** The sentiment model with all that stands between it and a request. */
export type SentimentService = Awaited<ReturnType<typeof openSentimentService>>;

/**
 * Starts and warms the copies of the sentiment model, and puts a queue and a cache before them.
 *
 * @param forTests - a device to try the model on, instead of those that are found
 * @throws HeadroomError when the model cannot be loaded
 */
export async function openSentimentService(
  config: Config,
  logger: Logger,
  metrics: Metrics,
  forTests?: DeviceForTests,
) {
  const file = config.simulate
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
  const batcher = createBatcher({
    scorers,
    maxWaitSeconds: config.batchWaitMs / 1000,
    deadlineSeconds: config.requestTimeoutSeconds,
    tokensPerSecond: warm?.tokensPerSecond,
    observer: metrics.batches,
  });
  const models = scorers.map((scorer) => scorer.model);
  const model = models[0]!;
  const analyser = createAnalyser({ model, batcher, cache, observer: metrics.analyses });
  const failed = () => scorers.filter((scorer) => scorer.failure);
  return {
    analyser,
    batcher,
    cache,
    placed,
    /** One for each copy. */
    models,
    /** The copy whose engine is reached in the most roundabout way. */
    shown: leastDirect(models),
    answers: () => failed().length < scorers.length,
    isWhole: () => failed().length === 0,
    /** In a few words. */
    state(): string {
      const [first, ...others] = failed();
      if (!first) return withChange(model.id, file?.changed);
      const working = scorers.length - 1 - others.length;
      return `${working} of ${scorers.length} scorers work: ${first.failure!.message}`;
    },
    async close(): Promise<void> {
      file?.close();
      await Promise.all([cache.close(), placed.close()]);
    },
  };
}

/** A model that answers, and what happened to its file since. */
export function withChange(id: string, changed: string | undefined): string {
  return changed === undefined ? id : `${id}; ${changed}`;
}
