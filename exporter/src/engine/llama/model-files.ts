import { statSync } from "node:fs";
import { stat } from "node:fs/promises";
import { HeadroomError } from "../../errors.ts";
import { readGguf, type GgufHeader } from "./gguf-header.ts";
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
export async function readModelFiles(
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
 * What is wrong with a model, as far as its header tells.
 *
 * @returns to be read after the file's name; undefined when nothing is wrong
 */
export async function ggufProblem(file: string): Promise<string | undefined> {
  const read = await readModelFiles(file);
  return "problem" in read ? read.problem : modelProblem(read.files[0]!.header);
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
