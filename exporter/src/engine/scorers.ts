import type { Config } from "../config.ts";
import { HeadroomError } from "../errors.ts";
import { detectHardware } from "../hardware/detect.ts";
import { type HardwareFacts, valueOf } from "../hardware/facts.ts";
import { modelState } from "../models/watch-file.ts";
import { hashesFolder } from "./llama/fingerprint.ts";
import type { LoadOptions, Reference } from "./llama/messages.ts";
import { modelBytes } from "./llama/model-files.ts";
import { createLlamaScorer, readReference, type LlamaScorer } from "./llama/scorer.ts";
import type { Scorer } from "./scorer.ts";
import { createSimulatedScorer } from "./simulated/scorer.ts";
import { Supervised } from "./supervised.ts";

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
 * @param plan - what {@link planScorers} says, where that was asked already
 * @throws HeadroomError `model_failed` when the model cannot be loaded; none is left running then
 */
export async function startScorers(
  config: Config,
  observer: ScorerObserver = { down: () => {}, up: () => {} },
  plan?: ScorerPlan,
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
  const { workers, options } = plan ?? (await planScorers(config));
  const before = await modelState(config.model);
  // Another file has other answers, and nobody would know that they are not those of the first.
  const open = async (signal: AbortSignal) => {
    if ((await modelState(config.model)) === before) {
      return createLlamaScorer({ ...options, signal });
    }
    throw new HeadroomError(
      "model_failed",
      `${config.model} was changed since it was loaded; put it back, or restart the exporter to use what is there now`,
    );
  };
  const starts = await Promise.allSettled(
    Array.from({ length: workers }, () => startSupervised(open, observer)),
  );
  const scorers = starts.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const failed = starts.find((one) => one.status === "rejected");
  if (!failed) return scorers;
  await Promise.all(scorers.map((scorer) => scorer.close()));
  throw failed.reason;
}

/** A scorer that is started again whenever it ended. */
async function startSupervised(
  open: (signal: AbortSignal) => Promise<LlamaScorer>,
  observer: ScorerObserver,
): Promise<Scorer> {
  const listeners: (() => void)[] = [];
  const tellListeners = () => listeners.forEach((listener) => listener());
  let isFirst = true;
  const supervised = await Supervised.started({
    open,
    onUp() {
      if (!isFirst) observer.up();
      isFirst = false;
      tellListeners();
    },
    onDown(why, retrySeconds) {
      observer.down(why, retrySeconds);
      tellListeners();
    },
  });
  const failure = () => {
    const { why } = supervised;
    if (why === undefined) return undefined;
    return new HeadroomError(
      "model_unavailable",
      `The sentiment model is being started again (${why}). Send the request again in a moment.`,
      { retryAfterSeconds: 1 },
    );
  };
  return {
    model: supervised.part!.model,
    get failure() {
      return failure();
    },
    get restarting() {
      return supervised.hopeful;
    },
    get pid() {
      return supervised.part?.pid;
    },
    onChange: (listener) => void listeners.push(listener),
    async score(requests, options) {
      const { part } = supervised;
      if (!part) throw failure()!;
      return part.score(requests, options);
    },
    close: () => supervised.close(),
  };
}

/** How many scorers there are, and how each loads the sentiment model. */
export interface ScorerPlan {
  readonly workers: number;
  readonly options: LoadOptions & { readonly reference: Reference };
}

/**
 * Plans the scorers that the configuration and the machine ask for, and examines their model.
 *
 * @throws HeadroomError `model_failed` when it cannot be loaded
 */
export async function planScorers(config: Config): Promise<ScorerPlan> {
  // A file that cannot be read is told of when it is loaded.
  const bytes = await modelBytes(config.model);
  const { workers, threads } = scoringThreads(bytes, await detectHardware(), config);
  const options: LoadOptions = {
    file: config.model,
    id: config.modelId,
    threads,
    hashesIn: hashesFolder(config),
    instructions: {
      template: config.modelTemplate,
      positive: config.modelPositive,
      negative: config.modelNegative,
    },
  };
  return { workers, options: { ...options, reference: await readReference(options) } };
}

/** Over how many processes and threads the sentiment model is spread. */
export interface ScoringThreads {
  /** Processes, each with its own copy of the model. */
  readonly workers: number;
  /** Threads of llama.cpp in each of them. */
  readonly threads: number;
}

/**
 * Up to this size a token takes less time than two threads need to agree on it: of one model of 0.6 MB
 * two threads are slower than one, of one of 90 MB they are quicker.
 */
const SMALL_MODEL_BYTES = 20e6;

/**
 * The one thread that reads, attributes and answers keeps three workers busy with `prefix` (24 µs of a
 * message's time are its own, 72 a worker's) and some eight with `occlusion`; more only take memory.
 */
const MOST_WORKERS = 8;

/**
 * Decides by the model's size and the machine's cores: a small model gets a worker a core, a large one a
 * single worker that has all cores. Efficiency cores are left to everything else, because an evaluation
 * that is shared waits for its slowest thread.
 *
 * @param modelBytes - size of the model's file
 * @param settings - what the configuration sets instead; 0 leaves it to the plan
 */
export function scoringThreads(
  modelBytes: number,
  { performanceCores, usableCores }: Pick<HardwareFacts, "performanceCores" | "usableCores">,
  settings: ScoringThreads,
): ScoringThreads {
  const usable = valueOf(usableCores) ?? 1;
  const cores = Math.max(1, Math.floor(Math.min(valueOf(performanceCores) ?? usable, usable)));
  if (modelBytes <= SMALL_MODEL_BYTES) {
    const threads = settings.threads || 1;
    const workers = Math.min(MOST_WORKERS, Math.max(1, Math.floor(cores / threads)));
    return { workers: settings.workers || workers, threads };
  }
  const workers = settings.workers || 1;
  return { workers, threads: settings.threads || Math.max(1, Math.floor(cores / workers)) };
}
