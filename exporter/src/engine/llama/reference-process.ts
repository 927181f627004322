/** The process that asks node-llama-cpp about a model, answers once, and ends. */
import { ALONE } from "./batch-control.ts";
import { PROBE, requireNumbers, TEXTS } from "./capi/prove.ts";
import { loadModel, type LoadOptions } from "./load.ts";
import type { FromReference, Reference } from "./reference.ts";
import { scoreBatch } from "./score-batch.ts";

process.once("message", async (options: LoadOptions) => {
  process.send?.(await answer(options), undefined, undefined, () => process.disconnect?.());
});
// Nobody waits for the answer any more, or it has arrived.
process.once("disconnect", () => process.exit());

async function answer(options: LoadOptions): Promise<FromReference> {
  try {
    return { reference: await examine(options) };
  } catch (error) {
    return { failure: (error as Error).message };
  }
}

async function examine(options: LoadOptions): Promise<Reference> {
  const model = await loadModel(options);
  const { info, release, encoding, long, empty, exact } = model;
  const reference: Reference = {
    ...{ info, release, encoding, empty, exact },
    maxTokens: long.maxTokens,
    head: model.head,
    tokens: TEXTS.map((text) => model.tokenize(text)),
    scores: await scoreBatch(model, PROBE, ALONE),
  };
  await model.dispose();
  requireNumbers(reference.scores);
  return reference;
}
