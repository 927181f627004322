import { stat } from "node:fs/promises";
import type { Config } from "../config.ts";
import { detectHardware } from "../hardware/detect.ts";
import type { LoadOptions } from "./llama/load.ts";
import type { Reference } from "./llama/reference.ts";
import { createLlamaScorers } from "./llama/scorer.ts";
import type { Scorer } from "./scorer.ts";
import { scoringThreads, type ScoringThreads } from "./scoring-threads.ts";
import { createSimulatedScorer } from "./simulated/scorer.ts";

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
  const { workers, threads } = await threadsFor(config);
  return createLlamaScorers({ ...loadOptionsOf(config), threads, reference }, workers);
}

async function threadsFor(config: Config): Promise<ScoringThreads> {
  // A file that cannot be read is told of when it is loaded.
  const bytes = await stat(config.model).then(
    ({ size }) => size,
    () => 0,
  );
  return scoringThreads(bytes, await detectHardware(), config);
}

/** How the configuration has the sentiment model loaded. */
export function loadOptionsOf(config: Config): LoadOptions {
  return {
    file: config.model,
    id: config.modelId,
    // One that only examines the model, or feeds a device, needs no more.
    threads: config.threads || 1,
    instructions: {
      template: config.modelTemplate,
      positive: config.modelPositive,
      negative: config.modelNegative,
    },
  };
}
