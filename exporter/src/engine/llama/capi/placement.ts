import type { Placement } from "../../../hardware/report.ts";

/** What a model takes, in bytes. */
export interface ModelSize {
  /** All weights: `llama_model_size`. */
  readonly bytes: number;
  /** Layers that repeat: `llama_model_n_layer`. */
  readonly layers: number;
  /** The weights that turn the last layer's result into scores; see {@link outputBytes}. */
  readonly outputBytes: number;
  /** Keys and values of all layers; each lies where its layer is. */
  readonly contextBytes: number;
  /** What a call needs beside, whatever the number of layers. */
  readonly scratchBytes: number;
}

/** Layers on a device, as llama.cpp counts them: the output is one, and the first to go there. */
export interface Fit {
  /** From 0 to the model's layers and the output. */
  readonly layers: number;
  /** What they take of the device's memory, at most. */
  readonly bytes: number;
}

/**
 * Part of the free memory that is left for others, and for what the driver itself takes; the size of
 * a layer is a mean besides.
 */
const RESERVE = { share: 0.1, bytes: 256e6 } as const;

/** Quantised models keep the output in more bits: 6.6 beside 4.5 in Q4_K_M. */
const OUTPUT_BITS = 1.5;

/** How many layers of a model fit into a device's free memory; as many as possible. */
export function fitLayers(model: ModelSize, freeBytes: number): Fit {
  const usable = freeBytes - Math.max(RESERVE.share * freeBytes, RESERVE.bytes);
  for (let layers = model.layers + 1; layers > 0; layers--) {
    const bytes = bytesOnDevice(model, layers);
    if (bytes <= usable) return { layers, bytes };
  }
  return { layers: 0, bytes: 0 };
}

/**
 * Memory of a device for some layers of a model, at most. A repeating layer counts as its share of all
 * weights, which is more than it has: the words' vectors, which stay with the processor, are in it.
 *
 * @param layers - as llama.cpp counts them: 1 is the output alone
 */
export function bytesOnDevice(model: ModelSize, layers: number): number {
  if (layers === 0) return 0;
  const repeating = layers - 1;
  const share = model.layers === 0 ? 0 : repeating / model.layers;
  const weights = Math.min(model.bytes, model.outputBytes + share * model.bytes);
  return Math.ceil(weights + share * model.contextBytes + model.scratchBytes);
}

/**
 * Estimates the weights of the output, which is a row of the model's width for each token it knows.
 *
 * @param model - its weights in bytes and in number, and the size of that matrix
 */
export function outputBytes(model: {
  readonly bytes: number;
  readonly parameters: number;
  readonly vocabulary: number;
  readonly width: number;
}): number {
  const share = (model.vocabulary * model.width) / model.parameters;
  return Math.min(model.bytes, Math.ceil(OUTPUT_BITS * share * model.bytes));
}

/** What decides where a model is evaluated. */
export interface PlacementInput {
  readonly model: ModelSize;
  /** The device's memory that is free before the model is loaded, in bytes. */
  readonly freeBytes: number;
  /** Seconds of the probe on the processor. */
  readonly processorSeconds: number;
  /** The same with as many layers on the device as {@link fitLayers} says, or why that gave no result. */
  readonly device: { readonly seconds: number } | { readonly failed: string };
  /** Whether the device was asked for by name: then it is taken whenever it works, even when slower. */
  readonly asked: boolean;
}

/**
 * How many times as quick a device must be. It can be lost, takes memory, and rounds differently, and two
 * runs of a probe differ by some percent.
 */
const LEAST_GAIN = 1.2;

/** On the processor, with the reason as a sentence. */
export function onProcessor(why: string): Placement {
  return { on: "processor", layers: 0, why };
}

/**
 * Decides by a probe that ran on both where a model is evaluated: on the device when it is clearly
 * quicker there, or was asked for and works.
 */
export function place(input: PlacementInput): Placement {
  const { model, freeBytes, processorSeconds, device, asked } = input;
  const { layers, bytes } = fitLayers(model, freeBytes);
  if (layers === 0) {
    return onProcessor(
      `No layer fits into the ${inMegabytes(freeBytes)} that the device has free.`,
    );
  }
  if ("failed" in device) return onProcessor(`The device could not be used: ${device.failed}.`);
  // Written so that a time that is no number counts as slower.
  const quicker = device.seconds * LEAST_GAIN <= processorSeconds;
  const times =
    `a probe takes ${inMilliseconds(device.seconds)} on the device and ` +
    `${inMilliseconds(processorSeconds)} on the processor`;
  if (!quicker && !asked) return onProcessor(`${times[0]!.toUpperCase()}${times.slice(1)}.`);
  const held = `${layers} of ${model.layers + 1} layers are on the device, in ${inMegabytes(bytes)}`;
  const because = quicker ? `: ${times}` : `, which was asked for, although ${times}`;
  return { on: "device", layers, why: `${held}${because}.` };
}

/** The processor, because there is no device to try, or none that works; `why` goes on after "because". */
export function noDevice(why: string): Placement {
  return onProcessor(`No graphics processor is used, because ${why}.`);
}

const inMegabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
const inMilliseconds = (seconds: number): string => `${Number((1000 * seconds).toPrecision(2))} ms`;
