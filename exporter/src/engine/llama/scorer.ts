import { HeadroomError } from "../../errors.ts";
import { ModelProcess } from "../process/model-process.ts";
import type { ModelInfo, Scorer } from "../scorer.ts";
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
  const child = new ModelProcess<ToScoring, FromScoring>({
    source: new URL("./scoring-process.ts", import.meta.url),
    bundled: "scoring",
    // A batch fits into it, so that V8 collects between batches.
    nodeOptions: [`--max-semi-space-size=${SEMI_SPACE_MB}`],
  });
  child.send({ type: "load", options });
  return new LlamaScorer(child, await whenReady(child));
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
