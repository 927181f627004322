/**
 * The process that owns a model for scoring, so that evaluating never blocks HTTP, nor ends it; or that
 * has node-llama-cpp examine one.
 */
import { loadByCApi } from "./capi/load-model.ts";
import { NotProven, PROBE, requireNumbers } from "./capi/prove.ts";
import type { ScoringOptions } from "./messages.ts";
import { ALONE, runScoring, type ScoringModel } from "./serve.ts";

/**
 * Loads a model, and calls its engine by the C API when that proves to give node-llama-cpp's scores: for
 * the labels' logits alone where it can.
 *
 * @throws HeadroomError `model_failed` when node-llama-cpp cannot load the model either
 */
async function load(options: ScoringOptions): Promise<ScoringModel> {
  const { reference } = options;
  if (!reference) return loadByNodeLlamaCpp(options, "it was asked for");
  let noLabels: string | undefined;
  if (reference.head) {
    try {
      return await loadByCApi(options, reference);
    } catch (error) {
      // Some models do more after the output matrix.
      noLabels = inWords(error);
    }
  }
  try {
    const model = await loadByCApi(options, { ...reference, head: undefined });
    if (noLabels === undefined) return model;
    const access = { by: "C API", output: "vocabulary", because: noLabels } as const;
    return { ...model, info: { ...model.info, access } };
  } catch (error) {
    return loadByNodeLlamaCpp(options, inWords(error));
  }
}

function inWords(error: unknown): string {
  const why = error instanceof Error ? error.message : String(error);
  return error instanceof NotProven ? why : `the C API failed: ${why}`;
}

async function loadByNodeLlamaCpp(options: ScoringOptions, because: string): Promise<ScoringModel> {
  // Its JavaScript takes 50 MB, so only a process that needs it has it.
  const [{ loadModel }, { scoreBatch }] = await Promise.all([
    import("./load.ts"),
    import("./sequences.ts"),
  ]);
  const model = await loadModel(options);
  try {
    requireNumbers(await scoreBatch(model, PROBE, ALONE));
  } catch (error) {
    // A process that ends while the addon holds a model would crash.
    await model.dispose();
    throw error;
  }
  return {
    info: { ...model.info, access: { by: "node-llama-cpp", because } },
    score: (requests, control) => scoreBatch(model, requests, control),
    rest: () => model.memory.collectWhenDue(),
    dispose: () => model.dispose(),
  };
}

runScoring({
  load,
  examine: async (options) => (await import("./load.ts")).examineModel(options),
});
