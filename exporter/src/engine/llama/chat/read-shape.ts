import type { ModelShape } from "../../../hardware/plan.ts";
import type { GgufHeader, GgufValue } from "../gguf-header.ts";
import { readModelFiles } from "../model-files.ts";

/**
 * What the headers of a model's files say about its size; unknown where they are silent.
 *
 * @param file - its only or its first file
 * @throws Error when a header cannot be read
 */
export async function readModelShape(file: string): Promise<ModelShape> {
  const read = await readModelFiles(file);
  if ("problem" in read) throw new Error(`${file} ${read.problem}`);
  const { metadata } = read.files[0]!.header;
  const architecture = String(metadata.get("general.architecture"));
  const own = (key: string) => metadata.get(`${architecture}.${key}`);
  const tokens = metadata.get("tokenizer.ggml.tokens");
  const fileBytes = read.files.reduce((sum, { bytes }) => sum + bytes, 0);
  const weights = read.files.reduce((sum, { header }) => sum + weightsIn(header), 0);
  const heads = number(own("attention.head_count"));
  const embedding = number(own("embedding_length"));
  return {
    fileBytes,
    layers: number(own("block_count")),
    trainContextSize: number(own("context_length")),
    embeddingSize: embedding,
    kvHeads: number(own("attention.head_count_kv")) ?? heads,
    headSize:
      number(own("attention.key_length")) ?? (heads && embedding ? embedding / heads : undefined),
    vocabularySize: typeof tokens === "object" ? tokens.items.length : undefined,
    bitsPerWeight: weights > 0 ? (8 * fileBytes) / weights : undefined,
  };
}

/** Models whose layers differ say one number a layer; the largest is the careful choice. */
function number(value: GgufValue | undefined): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value !== "object") return undefined;
  const numbers = value.items.filter((item) => typeof item === "number");
  return numbers.length === 0 ? undefined : Math.max(...numbers);
}

function weightsIn({ tensors }: GgufHeader): number {
  return tensors.reduce((sum, { dimensions }) => sum + dimensions.reduce((a, b) => a * b, 1), 0);
}
