import type { Native } from "./binding.ts";
import { outputBytes, type ModelSize } from "./fit-layers.ts";
import { loadModelFile } from "./load-model-file.ts";
import { NotProven } from "./not-proven.ts";
import { shapeOf, type ContextOptions } from "./open-context.ts";

/** Keys and values are kept in 16 bits, intermediate results in 32. */
const BYTES = { kept: 2, intermediate: 4 } as const;

/** Intermediate results as wide as the model that live at the same time, feed-forward included. */
const WIDE_RESULTS = 16;

/**
 * Measures what a model takes in a context, without loading its weights.
 *
 * Keys and values count as if every head had its own, and intermediate results as if none took the
 * place of another, so that it is more than llama.cpp takes.
 *
 * @throws NotProven when the file cannot be read
 */
export function measureModel(
  native: Native,
  options: Pick<ContextOptions, "file" | "root" | "maxTokens">,
): ModelSize {
  const { c } = native;
  const model = loadModelFile(native, options.file, {
    devices: [],
    layers: 0,
    sizesOnly: true,
  });
  if (model === null) throw new NotProven("it could not load the model");
  try {
    const { vocabulary, bytes, contextTokens, callTokens } = shapeOf(native, model, options);
    const parameters = Number(c.llama_model_n_params(model));
    const layers = c.llama_model_n_layer(model);
    const width = c.llama_model_n_embd(model);
    // Without flash attention each token has a weight for every other one.
    const attention = c.llama_model_n_head(model) * contextTokens;
    return {
      bytes,
      layers,
      outputBytes: outputBytes({ bytes, parameters, vocabulary, width }),
      contextBytes: 2 * BYTES.kept * contextTokens * width * layers,
      scratchBytes:
        BYTES.intermediate * callTokens * (vocabulary + WIDE_RESULTS * width + 2 * attention),
    };
  } finally {
    c.llama_model_free(model);
  }
}
