import { isMapped } from "../model-files.ts";
import type { Native, Pointer } from "./binding.ts";

/** `LLAMA_LOAD_MODE_NONE`: read, and not mapped. */
const LOAD_MODE_NONE = 0;

/** What of a model is loaded, and to where. */
export interface ModelFileOptions {
  /** Devices for the layers; with none, nothing of the model goes to a device. */
  readonly devices: readonly bigint[];
  readonly layers: number;
  /** Without the weights' numbers, for its sizes. */
  readonly sizesOnly?: boolean;
}

/**
 * Loads a model from its file.
 *
 * The list of devices is always given: without one llama.cpp takes every device that it finds, even for
 * no layers at all, as on a Mac, where Metal lies beside the processor's kernels.
 *
 * @returns `null` when it cannot be loaded
 */
export function loadModelFile(
  { c, allocate, free }: Native,
  file: string,
  { devices, layers, sizesOnly = false }: ModelFileOptions,
): Pointer {
  const list = allocate(BigUint64Array.BYTES_PER_ELEMENT * (devices.length + 1));
  new BigUint64Array(list.bytes).set([...devices, 0n]);
  try {
    return c.llama_model_load_from_file(file, {
      ...c.llama_model_default_params(),
      devices: list.address,
      n_gpu_layers: layers,
      ...(!isMapped(file) && { load_mode: LOAD_MODE_NONE }),
      // Only what is read, not mapped, can be left out.
      ...(sizesOnly && { no_alloc: true, load_mode: LOAD_MODE_NONE }),
    });
  } finally {
    free(list.address);
  }
}
