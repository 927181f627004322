import type { Config } from "../config.ts";
import { detectHardware } from "../hardware/detect.ts";
import { hashesFolder } from "./llama/fingerprint.ts";
import type { LoadOptions } from "./llama/load.ts";
import { HeadroomError } from "../errors.ts";
import { modelState } from "../models/watch-file.ts";
import { modelBytes } from "./llama/model-files.ts";
import { readReference, type Reference } from "./llama/reference.ts";
import { createLlamaScorer } from "./llama/scorer.ts";
import type { Scorer } from "./scorer.ts";
import { scoringThreads } from "./scoring-threads.ts";
import { createSimulatedScorer } from "./simulated/scorer.ts";
import { SupervisedScorer } from "./supervised-scorer.ts";

/** Is told how the scorers fare. */
export interface ScorerObserver {
  /** A scorer ended, or could not be started again, and is started after `retrySeconds`. */
  down(why: string, retrySeconds: number | undefined): void;
  /** It works again. */
  up(): void;
}

/**
 * Starts the scorers that the configuration asks for, each in a process of its own that is started again
 * whenever it ends.
 *
 * @param reference - what is known of the model, when it was examined already
 * @throws HeadroomError `model_failed` when the model cannot be loaded; none is left running then
 */
export async function startScorers(
  config: Config,
  observer: ScorerObserver = { down: () => {}, up: () => {} },
  reference?: Reference,
): Promise<Scorer[]> {
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
  const known = reference ?? (await readReference(options));
  const before = await modelState(config.model);
  // Another file has other answers, and nobody would know that they are not those of the first.
  const open = async (signal: AbortSignal) => {
    if ((await modelState(config.model)) === before) {
      return createLlamaScorer({ ...options, reference: known, signal });
    }
    throw new HeadroomError(
      "model_failed",
      `${config.model} was changed since it was loaded; put it back, or restart the exporter to use what is there now`,
    );
  };
  const start = async () => {
    let first = true;
    return SupervisedScorer.start({
      open,
      onDown: (why, retrySeconds) => observer.down(why, retrySeconds),
      onUp: () => {
        if (!first) observer.up();
        first = false;
      },
    });
  };
  const starts = await Promise.allSettled(Array.from({ length: workers }, start));
  const scorers = starts.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const failed = starts.find((one) => one.status === "rejected");
  if (!failed) return scorers;
  await Promise.all(scorers.map((scorer) => scorer.close()));
  throw failed.reason;
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
