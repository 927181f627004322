import type { Alive, Refused } from "../child-end.ts";
import type { ModelInfo, ScoreRequest, Scores } from "../scorer.ts";
import type { Expected } from "./capi/binding.ts";
import type { GpuSetting } from "./capi/devices.ts";
import type { Head } from "./capi/head.ts";
import type { Build } from "./capi/library.ts";
import type { ModelSize } from "./capi/placement.ts";
import type { Encoding } from "./encoder.ts";
import type { PackedScores } from "./packed.ts";

/** Instructions from the configuration, for a model file that does not carry its own. */
export interface ConfiguredInstructions {
  readonly template?: string | undefined;
  readonly positive?: string | undefined;
  readonly negative?: string | undefined;
}

/** What is needed to load a model. */
export interface LoadOptions {
  /** Path of a GGUF file. */
  readonly file: string;
  /** Overrides the name that the file carries. */
  readonly id?: string | undefined;
  readonly instructions: ConfiguredInstructions;
  /** Processor threads for one evaluation; 1 is best for models below some 10 million weights. */
  readonly threads: number;
  /** Folder that keeps the hashes of model files; without it they are calculated each time. */
  readonly hashesIn?: string | undefined;
}

/** What node-llama-cpp says of a model: all that the C API needs, and what it is held against. */
export interface Reference {
  readonly info: Omit<ModelInfo, "access">;
  /** The release of llama.cpp that evaluated. */
  readonly release: string;
  readonly encoding: Encoding;
  /** The labels' part of the output matrix; absent where it cannot be evaluated alone. */
  readonly head?: Head | undefined;
  /** The longest message with what stands around it, in tokens. */
  readonly maxTokens: number;
  /** Score of a message without words, in nats. */
  readonly empty: number;
  /** Whether all weights are numbers of 32 bits, so that only rounding tells two ways apart. */
  readonly exact: boolean;
  /** Tokens of the proof's texts. */
  readonly tokens: readonly (readonly number[])[];
  /** Scores of the proof's batch. */
  readonly scores: readonly Scores[];
}

/** What the proof holds the library against; tests give other values to break it. */
export interface ProofOptions {
  /** Where the library is looked for. */
  readonly folder?: string;
  readonly release?: string;
  readonly expected?: Expected;
  /** The model file that the C API loads. */
  readonly file?: string;
  /** Instead of the model's own. */
  readonly head?: Head;
}

/** How a model is loaded for scoring. */
export interface ScoringOptions extends LoadOptions {
  /** What the C API is held against; without it node-llama-cpp evaluates. */
  readonly reference?: Reference | undefined;
  readonly proof?: ProofOptions | undefined;
}

/** How a model is tried on a device. */
export interface DeviceOptions extends ScoringOptions {
  readonly reference: Reference;
  /** The build whose library is loaded; `cpu` plays a device with the processor, for tests. */
  readonly build: Build;
  readonly setting: GpuSetting;
  /** Where the library is, instead of node-llama-cpp's package; for tests. */
  readonly folder?: string | undefined;
  /** The most of the device's free memory that counts, in bytes; for tests. */
  readonly mostBytes?: number | undefined;
}

/** What of a model fits into a device's memory. */
export interface Fitted {
  readonly model: ModelSize;
  /** Free before the model was loaded, in bytes. */
  readonly freeBytes: number;
}

/** What the exporter tells a process that has a model for scoring, or is to load one. */
export type ToScorer<Options = ScoringOptions> =
  /** First of all, and once. */
  | { readonly type: "load"; readonly options: Options }
  /** Instead of loading: to be answered once. */
  | { readonly type: "examine"; readonly options: LoadOptions }
  | {
      readonly type: "score";
      readonly id: number;
      readonly requests: readonly ScoreRequest[];
      readonly long: boolean;
    }
  | { readonly type: "cancel"; readonly id: number }
  | { readonly type: "close" };

/** What the process answers. */
export type FromScorer =
  | { readonly type: "ready"; readonly model: ModelInfo }
  | { readonly type: "reference"; readonly reference: Reference }
  | { readonly type: "scores"; readonly id: number; readonly scores: PackedScores }
  | { readonly type: "failed"; readonly id: number; readonly message: string }
  | ({ readonly type: "fitted" } & Fitted)
  | Alive
  | Refused;
