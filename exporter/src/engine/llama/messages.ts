import type { ModelInfo, ScoreRequest, Scores } from "../scorer.ts";

/** What the scorer tells its worker thread. */
export type ToWorker =
  | { readonly type: "score"; readonly id: number; readonly requests: readonly ScoreRequest[] }
  | { readonly type: "cancel"; readonly id: number }
  | { readonly type: "close" };

/** What the worker thread answers. */
export type FromWorker =
  | { readonly type: "ready"; readonly model: ModelInfo }
  | { readonly type: "scores"; readonly id: number; readonly scores: Scores[] }
  | { readonly type: "failed"; readonly id: number; readonly message: string };
