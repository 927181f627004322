import type { ModelInfo } from "../scorer.ts";
import type { PackedRequests } from "./packed.ts";

/** What a scorer tells the thread or process that has its model. */
export type ToWorker =
  | { readonly type: "score"; readonly id: number; readonly requests: PackedRequests }
  | { readonly type: "cancel"; readonly id: number }
  | { readonly type: "close" };

/** What that answers. */
export type FromWorker =
  | { readonly type: "ready"; readonly model: ModelInfo }
  | { readonly type: "scores"; readonly id: number; readonly scores: Float64Array }
  | { readonly type: "failed"; readonly id: number; readonly message: string };
