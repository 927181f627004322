import type { Alive, Refused } from "../../child-end.ts";
import type { ProblemCode, ProblemMembers } from "../../../errors.ts";
import type {
  Ask,
  ChatModelInfo,
  Generation,
  Grammar,
  Prompt,
  Speed,
  Wishes,
} from "../../generator.ts";

/** How a chat model is loaded; the values are those of a plan. */
export interface ChatLoadOptions {
  /** Path of a GGUF file. */
  readonly file: string;
  /** Most layers on the graphics processor; -1 is all of them, 0 leaves it alone. */
  readonly gpuLayers: number;
  readonly threads: number;
  /** Tokens of one sequence. */
  readonly contextSize: number;
  /** Tokens evaluated in one step. */
  readonly batchSize: number;
  readonly sequences: number;
  readonly mmap: boolean;
  readonly mlock: boolean;
  /** Linear rope scaling; 1 leaves the model's own. */
  readonly ropeScale: number;
  /** Folder that keeps the hashes of model files; without it they are calculated each time. */
  readonly hashesIn?: string | undefined;
  /** Evaluated while loading: the first request finds its state, and its time tells the speed. */
  readonly warmUp: Prompt;
}

/** What a loaded model says about itself. */
export interface ChatLoaded {
  readonly model: Omit<ChatModelInfo, "id" | "languages">;
  readonly speed: Speed;
}

/** What the exporter tells the model's process. */
export type ToChat =
  | { readonly type: "load"; readonly options: ChatLoadOptions }
  | {
      readonly type: "generate";
      readonly id: number;
      readonly prompt: Prompt;
      readonly maxTokens: number;
      readonly grammar?: Grammar;
    }
  | { readonly type: "converse"; readonly id: number; readonly ask: Ask; readonly wishes: Wishes }
  | { readonly type: "abort"; readonly id: number }
  | { readonly type: "close" };

/** What the model's process answers. */
export type FromChat =
  | { readonly type: "loaded"; readonly loaded: ChatLoaded }
  | { readonly type: "text"; readonly id: number; readonly piece: string }
  | { readonly type: "generated"; readonly id: number; readonly generation: Generation }
  | {
      readonly type: "failed";
      readonly id: number;
      readonly message: string;
      readonly code: ProblemCode;
      readonly members?: ProblemMembers;
    }
  | Alive
  | Refused;
