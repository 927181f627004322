import { HeadroomError } from "../../errors.ts";
import { ModelProcess } from "../process/model-process.ts";
import type { ModelInfo } from "../scorer.ts";
import { LlamaScorer } from "./llama-scorer.ts";
import type { ScoringOptions } from "./load-scoring.ts";
import type { FromScoring, ToScoring } from "./messages.ts";
import { readReference } from "./reference.ts";

/** 4 MB cost 15 % of the time in a thread, 48 MB gained nothing. */
const SEMI_SPACE_MB = 4;

/** How scorers are started. */
export interface LlamaScorerOptions extends ScoringOptions {
  /** Never the C API, whatever it could prove. */
  readonly onlyNodeLlamaCpp?: boolean;
  /** Aborting ends the loading. */
  readonly signal?: AbortSignal | undefined;
}

/** Once it has loaded its model it is silent only while a call of the engine goes on, a second at most. */
const SILENCE_SECONDS = 5;

/**
 * A scorer on llama.cpp, in a process of its own with its own copy of the model.
 *
 * @throws HeadroomError `model_failed` when the model cannot be loaded; no process is left then
 */
export async function createLlamaScorer({
  onlyNodeLlamaCpp,
  signal,
  ...options
}: LlamaScorerOptions): Promise<LlamaScorer> {
  const reference = onlyNodeLlamaCpp
    ? undefined
    : (options.reference ?? (await readReference(options)));
  const child = new ModelProcess<ToScoring, FromScoring>({
    source: new URL("./scoring-process.ts", import.meta.url),
    bundled: "scoring",
    // A batch fits into it, so that V8 collects between batches.
    nodeOptions: [`--max-semi-space-size=${SEMI_SPACE_MB}`],
  });
  const stop = () => child.kill("it is not wanted any more");
  signal?.addEventListener("abort", stop);
  try {
    child.send({ type: "load", options: { ...options, reference } });
    const model = await whenReady(child);
    child.watch(SILENCE_SECONDS);
    return new LlamaScorer(child, model);
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

function whenReady(child: ModelProcess<ToScoring, FromScoring>): Promise<ModelInfo> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new HeadroomError("model_failed", why));
    child.onMessage((message) => {
      if (message.type === "ready") resolve(message.model);
      if (message.type === "refused") fail(message.why);
    });
    child.onEnd((why) => fail(`The sentiment model was not loaded: ${why}.`));
  });
}
