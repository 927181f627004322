import { z } from "zod";
import type { TypeOf } from "../../../type-of.ts";
import { fitLayers, type ModelSize } from "./fit-layers.ts";

/** How a probe went on a device: the seconds it took, or why it gave no result. */
export type DeviceProbe = { readonly seconds: number } | { readonly failed: string };

/** What decides where a model is evaluated. */
export interface PlacementInput {
  readonly model: ModelSize;
  /** The device's memory that is free before the model is loaded, in bytes. */
  readonly freeBytes: number;
  /** Seconds of the probe on the processor. */
  readonly processorSeconds: number;
  /** The same probe on the device, with as many layers there as {@link fitLayers} says. */
  readonly device: DeviceProbe;
  /**
   * Whether the device was asked for by name, as `HEADROOM_GPU=vulkan` does. Then it is taken whenever
   * it works, even when it is slower.
   */
  readonly asked: boolean;
}

/** Where a model is evaluated. */
export const PLACEMENT = z.strictObject({
  on: z.enum(["processor", "device"]),
  layers: z.int().describe("`llama_model_params.n_gpu_layers`; 0 on the processor."),
  why: z.string().describe("One sentence."),
});

/** See {@link PLACEMENT}. */
export type Placement = TypeOf<typeof PLACEMENT>;

/**
 * How many times as quick a device must be. It can be lost, takes memory, and rounds differently, and two
 * runs of a probe differ by some percent.
 */
const LEAST_GAIN = 1.2;

/**
 * Decides by a probe that ran on both where a model is evaluated: on the device when it is clearly
 * quicker there, or was asked for and works.
 */
export function place(input: PlacementInput): Placement {
  const { model, freeBytes, processorSeconds, device, asked } = input;
  const { layers, bytes } = fitLayers(model, freeBytes);
  const processor = (why: string): Placement => ({ on: "processor", layers: 0, why });
  if (layers === 0) {
    return processor(`No layer fits into the ${inMegabytes(freeBytes)} that the device has free.`);
  }
  if ("failed" in device) return processor(`The device could not be used: ${device.failed}.`);
  // Written so that a time that is no number counts as slower.
  const quicker = device.seconds * LEAST_GAIN <= processorSeconds;
  const times =
    `a probe takes ${inMilliseconds(device.seconds)} on the device and ` +
    `${inMilliseconds(processorSeconds)} on the processor`;
  if (!quicker && !asked) return processor(`${capital(times)}.`);
  const held = `${layers} of ${model.layers + 1} layers are on the device, in ${inMegabytes(bytes)}`;
  const because = quicker ? times : `which was asked for, although ${times}`;
  return { on: "device", layers, why: `${held}${quicker ? ": " : ", "}${because}.` };
}

/** The processor, because there is no device to try, or none that works; `why` goes on after "because". */
export function noDevice(why: string): Placement {
  return { on: "processor", layers: 0, why: `No graphics processor is used, because ${why}.` };
}

const capital = (text: string): string => text[0]!.toUpperCase() + text.slice(1);
const inMegabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
const inMilliseconds = (seconds: number): string => `${Number((1000 * seconds).toPrecision(2))} ms`;
