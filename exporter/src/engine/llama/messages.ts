import type { Alive } from "../process/child-end.ts";
import type { ModelInfo, ScoreRequest } from "../scorer.ts";
import type { ScoringOptions } from "./load-scoring.ts";
import type { PackedScores } from "./packed.ts";

/** What a scorer tells the process that has its model. */
export type ToWorker =
  | {
      readonly type: "score";
      readonly id: number;
      readonly requests: readonly ScoreRequest[];
      readonly long: boolean;
    }
  | { readonly type: "cancel"; readonly id: number }
  | { readonly type: "close" };

/** What that answers. */
export type FromWorker =
  | { readonly type: "ready"; readonly model: ModelInfo }
  | { readonly type: "scores"; readonly id: number; readonly scores: PackedScores }
  | { readonly type: "failed"; readonly id: number; readonly message: string };

/** What the process of a scorer on the processor is told. */
export type ToScoring =
  | ToWorker
  /** First of all, and once. */
  | { readonly type: "load"; readonly options: ScoringOptions };

/** What it answers. */
export type FromScoring =
  | FromWorker
  | Alive
  /** The model cannot be loaded, and the process ends. */
  | { readonly type: "refused"; readonly why: string };
