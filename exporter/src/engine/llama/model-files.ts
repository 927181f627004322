import { statSync } from "node:fs";
import { stat } from "node:fs/promises";
import { HeadroomError } from "../../errors.ts";
import type { ModelShape } from "../../hardware/plan.ts";
import { readGguf, type GgufHeader, type GgufValue } from "./gguf-header.ts";
import { modelProblem } from "./model-problem.ts";

/** One file of a model. */
export interface ModelFile {
  readonly path: string;
  readonly bytes: number;
  readonly header: GgufHeader;
}

/** How llama.cpp names the parts of a model (`llama_split_path`), counted from 1. */
const PART = /^(.+)-(\d{5})-of-(\d{5})\.gguf$/s;

/** A damaged count must not have thousands of files looked for. */
const MOST_PARTS = 1_000;

/**
 * Reads the headers of a model: of its file, or of all parts of one that lies in several.
 *
 * @param file - its only or its first file
 * @returns the files in their order, or what is wrong, to be read after the file's name
 */
async function readModelFiles(
  file: string,
): Promise<{ readonly files: readonly ModelFile[] } | { readonly problem: string }> {
  const first = await readGguf(file);
  if ("problem" in first) return first;
  const { metadata } = first.header;
  const count = metadata.get("split.count") ?? 0;
  if (typeof count !== "number" || count > MOST_PARTS) {
    return { problem: "is damaged: it does not say in how many parts it lies" };
  }
  const files: ModelFile[] = [{ path: file, bytes: await bytesOf(file), header: first.header }];
  if (count <= 1) return { files };
  const [, name, number, total] = PART.exec(file) ?? [];
  if (metadata.get("split.no") !== 0 || Number(number) !== 1) {
    return { problem: `is not the first of its ${count} parts; give that one` };
  }
  if (Number(total) !== count) {
    return { problem: `is one of ${count} parts, which its name does not say` };
  }
  for (let i = 2; i <= count; i++) {
    const path = `${name}-${String(i).padStart(5, "0")}-of-${total}.gguf`;
    const part = await readGguf(path);
    if ("problem" in part) return { problem: `needs its part ${path}, which ${part.problem}` };
    if (part.header.metadata.get("split.no") !== i - 1) {
      return { problem: `needs its part ${path}, which is another one` };
    }
    files.push({ path, bytes: await bytesOf(path), header: part.header });
  }
  return { files };
}

/**
 * Reads what a model says of itself, or what is wrong with it as far as its header tells.
 *
 * @returns the problem is to be read after the file's name
 */
export async function readModel(
  file: string,
): Promise<{ readonly metadata: GgufHeader["metadata"] } | { readonly problem: string }> {
  const read = await readModelFiles(file);
  if ("problem" in read) return read;
  const { header } = read.files[0]!;
  const problem = modelProblem(header);
  return problem === undefined ? { metadata: header.metadata } : { problem };
}

/** What {@link readModel} finds wrong with a model; undefined when nothing is. */
export async function ggufProblem(file: string): Promise<string | undefined> {
  const read = await readModel(file);
  return "problem" in read ? read.problem : undefined;
}

/**
 * Refuses what {@link ggufProblem} finds wrong with the sentiment model.
 *
 * @throws HeadroomError `model_failed` that names the file and what to do
 */
export async function checkGgufHeader(file: string): Promise<void> {
  const problem = await ggufProblem(file);
  if (problem === undefined) return;
  throw new HeadroomError(
    "model_failed",
    problem === "cannot be read"
      ? `There is no model file at ${file} that can be read. Set HEADROOM_MODEL to the path of a GGUF file.`
      : `${file} ${problem}. Set HEADROOM_MODEL to the path of another GGUF file, or fetch this one again.`,
  );
}

/**
 * Paths of a model's files, whatever is wrong with them.
 *
 * @param file - its only or its first file
 */
export async function modelPaths(file: string): Promise<readonly string[]> {
  const read = await readModelFiles(file);
  return "problem" in read ? [file] : read.files.map(({ path }) => path);
}

/**
 * Bytes of a model with all its parts, whatever is wrong with it; 0 when there is no such file.
 *
 * @param file - its only or its first file
 */
export async function modelBytes(file: string): Promise<number> {
  const read = await readModelFiles(file);
  if ("problem" in read) return bytesOf(file);
  return read.files.reduce((sum, { bytes }) => sum + bytes, 0);
}

/**
 * Files from here on are mapped and read when their pages are needed, and so is what is written into them
 * meanwhile: answers change, and a file that is made shorter ends the process (SIGBUS). Smaller ones are
 * read into memory, which costs a worker no more than this.
 */
export const MAPPED_FROM_BYTES = 64e6;

/**
 * Whether a model's file is mapped into memory when it is loaded, instead of being read. Parts always are,
 * for only large models lie in several.
 */
export function isMapped(file: string): boolean {
  return (
    PART.test(file) || (statSync(file, { throwIfNoEntry: false })?.size ?? 0) >= MAPPED_FROM_BYTES
  );
}

async function bytesOf(file: string): Promise<number> {
  const stats = await stat(file).catch(() => undefined);
  return stats?.size ?? 0;
}

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
