import {
  getLlama,
  LlamaLogLevel,
  type Llama,
  type LlamaModel,
  type LlamaModelOptions,
} from "node-llama-cpp";
import { HeadroomError } from "../../errors.ts";

/**
 * Starts llama.cpp in this process, with node-llama-cpp's own binary and no other.
 *
 * @param gpu - whether graphics processors may be used
 * @throws Error when there is no binary that works here
 */
export function startLlama(gpu: boolean): Promise<Llama> {
  return getLlama({
    build: "never",
    gpu: gpu && "auto",
    skipDownload: true,
    logLevel: LlamaLogLevel.error,
  });
}

/** @throws HeadroomError `model_failed` that names the file */
export async function openModel(llama: Llama, options: LlamaModelOptions): Promise<LlamaModel> {
  try {
    return await llama.loadModel(options);
  } catch (cause) {
    throw new HeadroomError(
      "model_failed",
      `${options.modelPath} could not be loaded as a GGUF model: ${(cause as Error).message}`,
      { cause },
    );
  }
}
