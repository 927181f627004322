import { open } from "node:fs/promises";
import type { LlamaModel } from "node-llama-cpp";
import type { Head } from "./capi/head.ts";
import type { Encoding } from "./encoder.ts";

const F32_BYTES = 4;

/**
 * Reads the labels' rows of a model's output matrix; models without one of their own use the words'
 * vectors for it.
 *
 * @param file - all its weights must be numbers of 32 bits
 * @returns undefined when there is no such matrix, or the model lies in several files
 */
export async function readHead(
  file: string,
  { tensorInfo, splicedParts }: LlamaModel["fileInfo"],
  { positive, negative }: Encoding,
): Promise<Head | undefined> {
  const named = (name: string) => tensorInfo?.find((tensor) => tensor.name === name);
  const matrix = named("output.weight") ?? named("token_embd.weight");
  if (matrix === undefined || splicedParts > 1) return undefined;
  const width = Number(matrix.dimensions[0]);
  const handle = await open(file);
  try {
    const row = async (token: number): Promise<Float32Array> => {
      const values = new Float32Array(width);
      const position = Number(matrix.fileOffset) + token * width * F32_BYTES;
      await handle.read(new Uint8Array(values.buffer), { position });
      return values;
    };
    return { positive: await row(positive), negative: await row(negative) };
  } finally {
    await handle.close();
  }
}
