import type { DeviceMemory } from "../../generator.ts";
import type { GpuSetting } from "../capi/choose-device.ts";
import type { ModelSize } from "../capi/fit-layers.ts";
import type { Build } from "../capi/library.ts";
import type { ProofOptions } from "../capi/open-trees.ts";
import type { LoadOptions } from "../load.ts";
import type { FromWorker, ToWorker } from "../messages.ts";
import type { Reference } from "../reference.ts";

/** Which device a model is to be tried on. */
export interface DeviceWish {
  /** The build whose library is loaded; `cpu` plays a device with the processor, for tests. */
  readonly build: Build;
  readonly setting: GpuSetting;
  /** Where the library is, instead of node-llama-cpp's package; for tests. */
  readonly folder?: string | undefined;
  /** The most of the device's free memory that counts, in bytes; for tests. */
  readonly mostBytes?: number | undefined;
}

/** What the device's process needs to try a model. */
export interface DeviceLoadOptions extends LoadOptions {
  readonly reference: Reference;
  readonly wish: DeviceWish;
  /** For tests that break the proof. */
  readonly proof?: ProofOptions | undefined;
}

/** A device and what of a model fits into its memory. */
export interface Fitted {
  /** Its maker's name for it. */
  readonly device: string;
  readonly model: ModelSize;
  /** Free before the model was loaded, in bytes. */
  readonly freeBytes: number;
  /** As llama.cpp counts them. */
  readonly layers: number;
}

/** What the exporter tells the device's process. */
export type ToDevice = ToWorker | { readonly type: "load"; readonly options: DeviceLoadOptions };

/** What the device's process answers. */
export type FromDevice =
  | FromWorker
  | ({ readonly type: "fitted" } & Fitted)
  /** The model is not evaluated there; the process ends. `why` goes on after "because". */
  | { readonly type: "refused"; readonly why: string }
  /** Again and again, except while a call of the engine goes on. */
  | { readonly type: "alive"; readonly memory: DeviceMemory | undefined };
