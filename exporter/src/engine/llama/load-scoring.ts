import type { EngineAccess, ModelInfo, ScoreRequest, Scores } from "../scorer.ts";
import { loadModel, type LoadedModel, type LoadOptions } from "./load.ts";
import { openTrees, type ProofOptions } from "./capi/open-trees.ts";
import { NotProven } from "./capi/not-proven.ts";
import { proveScores, TOLERANCE } from "./capi/prove-scores.ts";
import { scoreTrees } from "./capi/score-trees.ts";
import { scoreBatch } from "./score-batch.ts";

/** How a model is loaded for scoring. */
export interface ScoringOptions extends LoadOptions {
  /** Never the C API, whatever it could prove. */
  readonly onlyNodeLlamaCpp?: boolean;
  /** For tests that break the proof. */
  readonly proof?: ProofOptions;
}

/** A model that scores, whichever way its engine is called. */
export interface ScoringModel {
  readonly info: ModelInfo;
  /**
   * Scores a batch.
   *
   * @param throwIfCancelled - asked before each evaluation; what it throws ends the batch
   */
  score(requests: readonly ScoreRequest[], throwIfCancelled: () => void): Promise<Scores[]>;
  /** To be called when nobody waits for an answer. */
  rest(): void;
  dispose(): Promise<void>;
}

/**
 * Loads a model, and calls its engine by the C API when that proves to give node-llama-cpp's scores.
 *
 * @throws HeadroomError `model_failed` when node-llama-cpp cannot load the model
 */
export async function loadScoring(options: ScoringOptions): Promise<ScoringModel> {
  const known = await loadModel(options);
  if (options.onlyNodeLlamaCpp) return byNodeLlamaCpp(known, "it was asked for");
  try {
    return await byCApi(known, options);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return byNodeLlamaCpp(known, error instanceof NotProven ? why : `the C API failed: ${why}`);
  }
}

function byNodeLlamaCpp(known: LoadedModel, because: string): ScoringModel {
  return {
    info: withAccess(known.info, { by: "node-llama-cpp", because }),
    score: (requests, throwIfCancelled) => scoreBatch(known, requests, throwIfCancelled),
    rest: () => known.memory.collectWhenDue(),
    dispose: () => known.dispose(),
  };
}

async function byCApi(known: LoadedModel, options: ScoringOptions): Promise<ScoringModel> {
  const trees = await openTrees(known, options, options.proof ?? {});
  const { context } = trees;
  try {
    await proveScores(
      (probe) => scoreBatch(known, probe, () => {}),
      (probe) => scoreTrees(trees, probe, () => {}),
      known.exact ? TOLERANCE.exact : TOLERANCE.quantised,
    );
    // From here on node-llama-cpp only tokenizes, and its weights and contexts would be a second copy.
    const { encoder, dispose } = await known.keepTokenizer();
    const model = { ...trees, encoder };
    return {
      info: {
        ...withAccess(known.info, { by: "C API" }),
        memoryBytes: context.memoryBytes,
      },
      score: (requests, throwIfCancelled) => scoreTrees(model, requests, throwIfCancelled),
      rest: () => {},
      async dispose() {
        context.close();
        await dispose();
      },
    };
  } catch (error) {
    context.close();
    throw error;
  }
}

function withAccess(info: Omit<ModelInfo, "access">, access: EngineAccess): ModelInfo {
  return { ...info, access };
}
