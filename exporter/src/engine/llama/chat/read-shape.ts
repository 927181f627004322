import { stat } from "node:fs/promises";
import type { ModelShape } from "../../../hardware/model-shape.ts";

/** What the header of a GGUF file says about the size of the model; unknown where it is silent. */
export async function readModelShape(file: string): Promise<ModelShape> {
  // Loaded when it is needed: it takes 50 MB, and there may be no chat model.
  const { readGgufFileInfo } = await import("node-llama-cpp");
  const { size } = await stat(file);
  const info = await readGgufFileInfo(file, { logWarnings: false });
  const { architectureMetadata: own, metadata } = info;
  const heads = single(own.attention?.head_count);
  const embedding = own.embedding_length;
  return {
    fileBytes: size,
    layers: own.block_count,
    trainContextSize: own.context_length,
    embeddingSize: embedding,
    kvHeads: single(own.attention?.head_count_kv) ?? heads,
    headSize: own.attention?.key_length ?? (heads && embedding ? embedding / heads : undefined),
    vocabularySize: metadata.tokenizer?.ggml?.tokens?.length,
    bitsPerWeight: info.tensorInfo && bitsPerWeight(size, info.tensorInfo),
  };
}

/** Models whose layers differ say one number a layer; the largest is the careful choice. */
function single(heads: number | readonly number[] | undefined): number | undefined {
  return typeof heads === "number" || heads === undefined ? heads : Math.max(...heads);
}

function bitsPerWeight(
  fileBytes: number,
  tensors: readonly { readonly dimensions: readonly (number | bigint)[] }[],
): number {
  const weights = tensors.reduce(
    (sum, { dimensions }) => sum + dimensions.reduce<number>((n, d) => n * Number(d), 1),
    0,
  );
  return (8 * fileBytes) / weights;
}
