import type { EngineAccess, ModelInfo, ScoreRequest, Scores } from "../scorer.ts";
import { ALONE, type BatchControl } from "./batch-control.ts";
import { NotProven } from "./capi/not-proven.ts";
import { openTrees, type OpenedLibrary, type ProofOptions } from "./capi/open-trees.ts";
import { DEVICE_TOLERANCE, PROBE, proveScores, requireNumbers, TOLERANCE } from "./capi/prove.ts";
import { scoreTrees } from "./capi/score-trees.ts";
import type { LoadOptions } from "./load.ts";
import type { Reference } from "./reference.ts";

/** How a model is loaded for scoring. */
export interface ScoringOptions extends LoadOptions {
  /** What the C API is held against; without it node-llama-cpp evaluates. */
  readonly reference?: Reference | undefined;
  /** For tests that break the proof. */
  readonly proof?: ProofOptions | undefined;
}

/** A model that scores, whichever way its engine is called. */
export interface ScoringModel {
  readonly info: ModelInfo;
  score(requests: readonly ScoreRequest[], control: BatchControl): Promise<Scores[]>;
  /** To be called when nobody waits for an answer. */
  rest(): void;
  dispose(): Promise<void>;
}

/**
 * Loads a model, and calls its engine by the C API when that proves to give node-llama-cpp's scores.
 *
 * @throws HeadroomError `model_failed` when node-llama-cpp cannot load the model either
 */
export async function loadScoring(options: ScoringOptions): Promise<ScoringModel> {
  const { reference } = options;
  if (!reference) return byNodeLlamaCpp(options, "it was asked for");
  const { head, ...withoutHead } = reference;
  let noLabels: string | undefined;
  if (head) {
    try {
      return await byCApi(options, reference);
    } catch (error) {
      // Some models do more after the output matrix.
      noLabels = inWords(error);
    }
  }
  try {
    const model = await byCApi(options, withoutHead);
    const access: EngineAccess = { by: "C API", output: "vocabulary", because: noLabels };
    return noLabels === undefined ? model : { ...model, info: { ...model.info, access } };
  } catch (error) {
    return byNodeLlamaCpp(options, inWords(error));
  }
}

function inWords(error: unknown): string {
  const why = error instanceof Error ? error.message : String(error);
  return error instanceof NotProven ? why : `the C API failed: ${why}`;
}

/**
 * Loads a model by the C API, and has it prove itself.
 *
 * @param opened - a library with a device, instead of the processor's
 * @throws NotProven when it does not give node-llama-cpp's scores, or cannot be loaded
 */
export async function byCApi(
  options: ScoringOptions,
  reference: Reference,
  opened?: OpenedLibrary,
): Promise<ScoringModel> {
  const model = await openTrees(reference, options, options.proof ?? {}, opened);
  const { context } = model;
  const tolerance = opened ? DEVICE_TOLERANCE : TOLERANCE;
  const score: ScoringModel["score"] = (requests, control) => scoreTrees(model, requests, control);
  try {
    proveScores(
      reference.scores,
      await score(PROBE, ALONE),
      reference.exact ? tolerance.exact : tolerance.quantised,
    );
  } catch (error) {
    context.close();
    throw error;
  }
  return {
    info: withAccess(
      reference.info,
      { by: "C API", output: reference.head ? "labels" : "vocabulary" },
      context.memoryBytes,
    ),
    score,
    rest: () => {},
    dispose: async () => context.close(),
  };
}

async function byNodeLlamaCpp(options: LoadOptions, because: string): Promise<ScoringModel> {
  // Its JavaScript takes 50 MB, so only a process that needs it has it.
  const [{ loadModel }, { scoreBatch }] = await Promise.all([
    import("./load.ts"),
    import("./score-batch.ts"),
  ]);
  const model = await loadModel(options);
  try {
    requireNumbers(await scoreBatch(model, PROBE, ALONE));
  } catch (error) {
    // A thread that ends while the addon holds a model would end the whole process.
    await model.dispose();
    throw error;
  }
  return {
    info: withAccess(model.info, { by: "node-llama-cpp", because }, model.info.memoryBytes),
    score: (requests, control) => scoreBatch(model, requests, control),
    rest: () => model.memory.collectWhenDue(),
    dispose: () => model.dispose(),
  };
}

function withAccess(info: Reference["info"], access: EngineAccess, memoryBytes: number): ModelInfo {
  return { ...info, access, memoryBytes };
}
