import { AnswerCache } from "../../src/cache/answer-cache.ts";
import type { Config } from "../../src/config.ts";
import type { Scorer } from "../../src/engine/scorer.ts";
import { startScorers } from "../../src/engine/scorers.ts";
import { createMetrics, type Metrics } from "../../src/metrics/metrics.ts";
import { createAnalyser, type Analyser } from "../../src/sentiment/analyser.ts";
import { createBatcher } from "../../src/sentiment/batcher.ts";
import type { AttributionMethod, CachedResult } from "../../src/sentiment/result.ts";
import type { Contender } from "./contender.ts";
import { atOnce } from "./in-turn.ts";

/** Requests that are in work at once, as under load; a lone one would leave workers idle at its end. */
export const IN_FLIGHT = 8;

/** What is told of each batch, message and attribution. */
export type Observers = Pick<Metrics, "batches" | "analyses">;

/** Observers that do nothing. */
export const NOBODY: Observers = {
  batches: { batch: () => {}, waited: () => {} },
  analyses: { answered: () => {}, attributed: () => {} },
};

/** The exporter's own pipeline in this process, without HTTP and cache. */
export interface Pipeline {
  readonly analyser: Analyser;
  readonly scorers: readonly Scorer[];
  /** The same scorers behind other observers. */
  observedBy(observers: Observers): Analyser;
  close(): Promise<void>;
}

/** Starts the workers that a configuration asks for, and the pipeline before them. */
export async function startPipeline(config: Config): Promise<Pipeline> {
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
    observedBy,
    async close() {
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
  batches: readonly (readonly string[])[],
  {
    attribution = "prefix",
    lanes = IN_FLIGHT,
  }: { attribution?: AttributionMethod; lanes?: number },
): Promise<number> {
  const options = { attribution, cache: "no-store" } as const;
  let sum = 0;
  await atOnce(
    lanes,
    batches.map((batch) => async () => {
      // As each request has one of its own.
      const { signal } = new AbortController();
      for (const { score } of await analyser.analyse(batch, { ...options, signal })) sum += score;
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
    run: (batches) => analyseAll(analyser, batches, {}),
    close: async () => metrics.close(),
  };
}
