import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { HeadroomError } from "../../errors.ts";
import type { Scorer } from "../scorer.ts";
import { threadChannel } from "./channel.ts";
import { LlamaScorer } from "./llama-scorer.ts";
import type { ScoringOptions } from "./load-scoring.ts";
import type { FromWorker } from "./messages.ts";
import { readReference } from "./reference.ts";

/** How scorers are started. */
export interface LlamaScorerOptions extends ScoringOptions {
  /** Never the C API, whatever it could prove. */
  readonly onlyNodeLlamaCpp?: boolean;
}

/**
 * Scorers on llama.cpp, each in a worker thread of its own with its own copy of the model.
 *
 * @param count - at least 1
 * @throws HeadroomError `model_failed` when the model cannot be loaded; none is left running then
 */
export async function createLlamaScorers(
  { onlyNodeLlamaCpp, ...options }: LlamaScorerOptions,
  count: number,
): Promise<Scorer[]> {
  const reference = onlyNodeLlamaCpp
    ? undefined
    : (options.reference ?? (await readReference(options)));
  const open = () => openScorer({ ...options, reference });
  // The first one registers the library's kernels for all, which two at once would do twice.
  const first = await open();
  const others = await Promise.allSettled(Array.from({ length: count - 1 }, open));
  const scorers = [
    first,
    ...others.flatMap((start) => (start.status === "fulfilled" ? [start.value] : [])),
  ];
  const failed = others.find((start) => start.status === "rejected");
  if (!failed) return scorers;
  await Promise.all(scorers.map((scorer) => scorer.close()));
  throw failed.reason;
}

/**
 * One of {@link createLlamaScorers}.
 *
 * @throws HeadroomError as it does
 */
export async function createLlamaScorer(options: LlamaScorerOptions): Promise<Scorer> {
  return (await createLlamaScorers(options, 1))[0]!;
}

async function openScorer(options: ScoringOptions): Promise<Scorer> {
  const worker = startWorker(options);
  try {
    // Rejects with what the worker throws while it loads.
    const [ready] = (await once(worker, "message")) as [FromWorker & { type: "ready" }];
    return new LlamaScorer(threadChannel(worker), ready.model);
  } catch (cause) {
    throw new HeadroomError("model_failed", (cause as Error).message, { cause });
  }
}

/** In the bundle the worker is a file beside it; from source it needs a loader first. */
function startWorker(options: ScoringOptions): Worker {
  const fromSource = import.meta.url.endsWith(".ts");
  const file = fromSource ? "./worker-from-source.js" : "./worker.js";
  return new Worker(new URL(file, import.meta.url), {
    workerData: options,
    // A batch fits into it, so that V8 collects between batches; 4 MB cost 15 % of the time,
    // 48 MB gained nothing.
    resourceLimits: { maxYoungGenerationSizeMb: 16 },
  });
}
