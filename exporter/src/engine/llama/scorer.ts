import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { HeadroomError } from "../../errors.ts";
import type { ModelInfo, ScoreRequest, Scorer, Scores } from "../scorer.ts";
import type { ScoringOptions } from "./load-scoring.ts";
import type { FromWorker, ToWorker } from "./messages.ts";
import { packRequests, unpackScores } from "./packed.ts";
import { readReference } from "./reference.ts";

interface Waiting {
  readonly requests: readonly ScoreRequest[];
  resolve(scores: Scores[]): void;
  reject(error: unknown): void;
}

/** How scorers are started. */
export interface LlamaScorerOptions extends Omit<ScoringOptions, "reference"> {
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
  const reference = onlyNodeLlamaCpp ? undefined : await readReference(options);
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
    return new LlamaScorer(worker, ready.model);
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

class LlamaScorer implements Scorer {
  readonly model: ModelInfo;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 0;
  #ended: HeadroomError | undefined;

  constructor(worker: Worker, model: ModelInfo) {
    this.model = model;
    this.#worker = worker;
    worker.on("message", (message: FromWorker) => this.#receive(message));
    worker.on("error", (error: Error) => this.#end(`The model's thread failed: ${error.message}`));
    worker.on("exit", (code) => this.#end(`The model's thread ended with code ${code}.`));
  }

  get failure(): HeadroomError | undefined {
    return this.#ended;
  }

  async score(requests: readonly ScoreRequest[], signal?: AbortSignal): Promise<Scores[]> {
    signal?.throwIfAborted();
    if (this.#ended) throw this.#ended;
    const id = this.#nextId++;
    const cancel = () => {
      this.#send({ type: "cancel", id });
      this.#waiting.get(id)?.reject(signal!.reason);
      this.#waiting.delete(id);
    };
    signal?.addEventListener("abort", cancel, { once: true });
    try {
      return await new Promise<Scores[]>((resolve, reject) => {
        this.#waiting.set(id, { requests, resolve, reject });
        this.#send({ type: "score", id, requests: packRequests(requests) });
      });
    } finally {
      signal?.removeEventListener("abort", cancel);
    }
  }

  async close(): Promise<void> {
    if (this.#ended) return;
    const exit = once(this.#worker, "exit");
    this.#send({ type: "close" });
    await exit;
  }

  #send(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  #receive(message: FromWorker): void {
    if (message.type === "ready") return;
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (!waiting) return;
    if (message.type === "scores") waiting.resolve(unpackScores(message.scores, waiting.requests));
    else waiting.reject(new HeadroomError("model_failed", message.message));
  }

  #end(why: string): void {
    this.#ended ??= new HeadroomError("model_failed", why);
    for (const waiting of this.#waiting.values()) waiting.reject(this.#ended);
    this.#waiting.clear();
  }
}
