import { HeadroomError } from "../../errors.ts";
import { ModelProcess } from "../model-process.ts";
import type { ModelInfo, ScoreOptions, ScoreRequest, Scorer, Scores } from "../scorer.ts";
import type { FromScorer, LoadOptions, Reference, ScoringOptions, ToScorer } from "./messages.ts";
import { unpackScores, type PackedScores } from "./packed.ts";

/** A process that scores, or is about to. */
export type ScoringProcess = ModelProcess<ToScorer, FromScorer>;

/** How scorers are started. */
export interface LlamaScorerOptions extends ScoringOptions {
  /** Never the C API, whatever it could prove. */
  readonly onlyNodeLlamaCpp?: boolean;
  /** Aborting ends the loading. */
  readonly signal?: AbortSignal | undefined;
}

/** 4 MB cost 15 % of the time in a thread, 48 MB gained nothing. */
const SEMI_SPACE_MB = 4;

/** Once it has loaded its model it is silent only while a call of the engine goes on, a second at most. */
const SILENCE_SECONDS = 5;

function startProcess(): ScoringProcess {
  return new ModelProcess({
    source: new URL("./scoring-process.ts", import.meta.url),
    bundled: "scoring",
    // A batch fits into it, so that V8 collects between batches.
    nodeOptions: [`--max-semi-space-size=${SEMI_SPACE_MB}`],
  });
}

/**
 * Has node-llama-cpp load a model in a process of its own, which ends then: the library's JavaScript
 * takes 50 MB in each process that has it, and a binary that does not fit the processor ends its process.
 *
 * @throws HeadroomError `model_failed` when the model cannot be loaded
 */
export async function readReference(options: LoadOptions): Promise<Reference> {
  const child = startProcess();
  child.send({ type: "examine", options });
  const { reference } = await child.first("reference", notLoaded);
  await child.close();
  return reference;
}

/**
 * A scorer on llama.cpp, in a process of its own with its own copy of the model.
 *
 * @throws HeadroomError `model_failed` when the model cannot be loaded; no process is left then
 * @throws the signal's reason when it aborts before
 */
export async function createLlamaScorer({
  onlyNodeLlamaCpp,
  signal,
  ...options
}: LlamaScorerOptions): Promise<LlamaScorer> {
  const reference = onlyNodeLlamaCpp
    ? undefined
    : (options.reference ?? (await readReference(options)));
  const child = startProcess();
  child.send({ type: "load", options: { ...options, reference } });
  const { model } = await child.first("ready", notLoaded, signal);
  child.watch(SILENCE_SECONDS);
  return new LlamaScorer(child, model);
}

function notLoaded(why: string): HeadroomError {
  return new HeadroomError("model_failed", `The sentiment model was not loaded: ${why}.`);
}

/** A scorer whose model is in another process. */
export class LlamaScorer implements Scorer {
  readonly model: ModelInfo;
  readonly #child: ScoringProcess;
  readonly #waiting = new Map<number, PromiseWithResolvers<PackedScores>>();
  #nextId = 0;
  #ended: HeadroomError | undefined;

  /** @param child - has said that it is ready */
  constructor(child: ScoringProcess, model: ModelInfo) {
    this.model = model;
    this.#child = child;
    child.onMessage((message) => this.#receive(message));
    child.onEnd((why) => this.#end(why));
  }

  get failure(): HeadroomError | undefined {
    return this.#ended;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Is told once why it can answer no more, as a piece of a sentence. */
  onEnd(listener: (why: string) => void): void {
    this.#child.onEnd(listener);
  }

  async score(
    requests: readonly ScoreRequest[],
    { signal, long = false }: ScoreOptions = {},
  ): Promise<Scores[]> {
    signal?.throwIfAborted();
    if (this.#ended) throw this.#ended;
    const id = this.#nextId++;
    const answer = Promise.withResolvers<PackedScores>();
    const cancel = () => {
      this.#child.send({ type: "cancel", id });
      this.#waiting.delete(id);
      answer.reject(signal!.reason);
    };
    this.#waiting.set(id, answer);
    signal?.addEventListener("abort", cancel, { once: true });
    this.#child.send({ type: "score", id, requests, long });
    try {
      return unpackScores(await answer.promise);
    } finally {
      signal?.removeEventListener("abort", cancel);
    }
  }

  close(): Promise<void> {
    return this.#child.close();
  }

  #receive(message: FromScorer): void {
    if (message.type !== "scores" && message.type !== "failed") return;
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.type === "scores") waiting?.resolve(message.scores);
    else waiting?.reject(new HeadroomError("model_failed", message.message));
  }

  #end(why: string): void {
    this.#ended ??= new HeadroomError("model_failed", `The sentiment model failed: ${why}.`);
    for (const waiting of this.#waiting.values()) waiting.reject(this.#ended);
    this.#waiting.clear();
  }
}
