import { stat } from "node:fs/promises";
import { ggufProblem } from "../engine/llama/gguf-header.ts";

/** The sentiment model's file, as far as its size and its header tell. */
export interface SentimentModelFile {
  readonly path: string;
  /** Absent when there is no such file. */
  readonly sizeBytes?: number;
  /** What is wrong, to be read after the path. */
  readonly problem?: string;
}

/** Looks at the file of the sentiment model; no more of it is read than its header. */
export async function findSentimentModel(path: string): Promise<SentimentModelFile> {
  const stats = await stat(path).catch(() => undefined);
  if (!stats?.isFile()) return { path, problem: "is not a file" };
  const problem = await ggufProblem(path);
  return { path, sizeBytes: stats.size, ...(problem !== undefined && { problem }) };
}
