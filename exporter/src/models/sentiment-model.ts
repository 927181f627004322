import { stat } from "node:fs/promises";
import { ggufProblem, modelBytes } from "../engine/llama/model-files.ts";

/** The sentiment model's file, as far as its size and its header tell. */
export interface SentimentModelFile {
  readonly path: string;
  /** Of all its parts; absent when there is no such file. */
  readonly sizeBytes?: number;
  /** What is wrong, to be read after the path. */
  readonly problem?: string;
}

/** Looks at the file of the sentiment model; no more of it is read than its headers. */
export async function findSentimentModel(path: string): Promise<SentimentModelFile> {
  const stats = await stat(path).catch(() => undefined);
  if (!stats?.isFile()) return { path, problem: "is not a file" };
  const problem = await ggufProblem(path);
  const sizeBytes = await modelBytes(path);
  return { path, sizeBytes, ...(problem !== undefined && { problem }) };
}
