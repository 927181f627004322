import { AnswerCache } from "../../src/cache/answer-cache.ts";
import type { Config } from "../../src/config.ts";
import { startScorers } from "../../src/engine/scorers.ts";
import { createMetrics, type Metrics } from "../../src/metrics/metrics.ts";
import { createAnalyser, type Analyser } from "../../src/sentiment/analyser.ts";
import { createBatcher } from "../../src/sentiment/batcher.ts";
import type { AttributionMethod, CachedResult } from "../../src/sentiment/result.ts";
import { atOnce, IN_FLIGHT, type Batches, type Contender } from "./workload.ts";

/** What is told of each batch, message and attribution. */
type Observers = Pick<Metrics, "batches" | "analyses">;

/** Observers that do nothing. */
export const NOBODY: Observers = {
  batches: { batch: () => {}, waited: () => {} },
  analyses: { answered: () => {}, attributed: () => {} },
};

/** The exporter's own pipeline in this process, without HTTP and cache. */
export type Pipeline = Awaited<ReturnType<typeof startPipeline>>;

/** Starts the workers that a configuration asks for, and the pipeline before them. */
export async function startPipeline(config: Config) {
  const scorers = await startScorers(config);
  const observedBy = ({ batches, analyses }: Observers) =>
    createAnalyser({
      model: scorers[0]!.model,
      cache: new AnswerCache<CachedResult>([]),
      batcher: createBatcher({
        scorers,
        maxWaitSeconds: config.batchWaitMs / 1000,
        // All is to be measured, and nothing refused.
        deadlineSeconds: Infinity,
        observer: batches,
      }),
      observer: analyses,
    });
  return {
    analyser: observedBy(NOBODY),
    scorers,
    /** The same scorers behind other observers. */
    observedBy,
    async [Symbol.asyncDispose]() {
      await Promise.all(scorers.map((scorer) => scorer.close()));
    },
  };
}

/**
 * Analyses batches, some at once, past the cache.
 *
 * @returns the sum of the scores
 */
export async function analyseAll(
  analyser: Analyser,
  batches: Batches,
  attribution: AttributionMethod = "prefix",
  lanes = IN_FLIGHT,
): Promise<number> {
  let sum = 0;
  await atOnce(
    lanes,
    batches.map((batch) => async () => {
      // As each request has one of its own.
      const { signal } = new AbortController();
      const results = await analyser.analyse(batch, { attribution, cache: "no-store", signal });
      for (const { score } of results) sum += score;
    }),
  );
  return sum;
}

/** The pipeline as a contender; its metrics are observed as in the exporter. */
export function pipelineContender(pipeline: Pipeline): Contender {
  const metrics = createMetrics({ version: "bench" });
  const analyser = pipeline.observedBy(metrics);
  return {
    id: "pipeline",
    name: "exporter's pipeline, in process",
    includes: "words, batches, processes, attribution, metrics",
    run: (batches) => analyseAll(analyser, batches),
    [Symbol.asyncDispose]: async () => metrics.close(),
  };
}
