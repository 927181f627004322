import type { Config } from "../config.ts";
import { detectHardware } from "../hardware/detect.ts";
import { hashesFolder } from "./llama/fingerprint.ts";
import type { LoadOptions } from "./llama/load.ts";
import { modelBytes } from "./llama/model-files.ts";
import type { Reference } from "./llama/reference.ts";
import { createLlamaScorers } from "./llama/scorer.ts";
import type { Scorer } from "./scorer.ts";
import { scoringThreads } from "./scoring-threads.ts";
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
  const { workers, options } = await planScorers(config);
  return createLlamaScorers({ ...options, reference }, workers);
}

/** How many scorers the configuration and the machine have, and how each loads the sentiment model. */
export async function planScorers(
  config: Config,
): Promise<{ readonly workers: number; readonly options: LoadOptions }> {
  // A file that cannot be read is told of when it is loaded.
  const bytes = await modelBytes(config.model);
  const { workers, threads } = scoringThreads(bytes, await detectHardware(), config);
  return {
    workers,
    options: {
      file: config.model,
      id: config.modelId,
      threads,
      hashesIn: hashesFolder(config),
      instructions: {
        template: config.modelTemplate,
        positive: config.modelPositive,
        negative: config.modelNegative,
      },
    },
  };
}
