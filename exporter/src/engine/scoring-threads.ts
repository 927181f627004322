import { type HardwareFacts, valueOf } from "../hardware/facts.ts";

/** Over how many processes and threads the sentiment model is spread. */
export interface ScoringThreads {
  /** Processes, each with its own copy of the model. */
  readonly workers: number;
  /** Threads of llama.cpp in each of them. */
  readonly threads: number;
}

/** What the configuration sets instead; 0 leaves it to the plan. */
export type ThreadSettings = ScoringThreads;

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
 */
export function scoringThreads(
  modelBytes: number,
  { performanceCores, usableCores }: Pick<HardwareFacts, "performanceCores" | "usableCores">,
  settings: ThreadSettings,
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
