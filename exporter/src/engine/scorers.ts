import { availableParallelism } from "node:os";
import type { Config } from "../config.ts";
import type { LoadOptions } from "./llama/load.ts";
import type { Reference } from "./llama/reference.ts";
import { createLlamaScorers } from "./llama/scorer.ts";
import type { Scorer } from "./scorer.ts";
import { createSimulatedScorer } from "./simulated/scorer.ts";

/** Tiny models gain little from more; each worker takes memory and a processor. */
const MOST_WORKERS_BY_DEFAULT = 2;

/**
 * Starts the scorers that the configuration asks for, each in a worker thread of its own.
 *
 * @param reference - what is known of the model, when it was examined already
 * @throws HeadroomError `model_failed` when the model cannot be loaded; none is left running then
 */
export async function startScorers(config: Config, reference?: Reference): Promise<Scorer[]> {
  if (config.simulate) {
    const { simulateLatencyMs, simulateErrorRatio, simulateAttribution } = config;
    return [
      createSimulatedScorer({
        latencySeconds: simulateLatencyMs / 1000,
        errorRatio: simulateErrorRatio,
        weighting: simulateAttribution,
      }),
    ];
  }
  const count = config.workers || Math.min(MOST_WORKERS_BY_DEFAULT, availableParallelism());
  return createLlamaScorers({ ...loadOptionsOf(config), reference }, count);
}

/** How the configuration has the sentiment model loaded. */
export function loadOptionsOf(config: Config): LoadOptions {
  return {
    file: config.model,
    id: config.modelId,
    threads: config.threads,
    instructions: {
      template: config.modelTemplate,
      positive: config.modelPositive,
      negative: config.modelNegative,
    },
  };
}
