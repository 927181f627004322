import { rm, stat } from "node:fs/promises";
import { ggufProblem } from "../engine/llama/model-files.ts";
import { HeadroomError } from "../errors.ts";
import { sha256Of } from "./file-hash.ts";

/** What a model file must be; what is absent is not known. */
export interface Expected {
  readonly sizeBytes?: number | undefined;
  readonly sha256?: string | undefined;
  /** Where the hash comes from, in words. */
  readonly sha256From?: string | undefined;
}

/** A file that is what it should be. */
export interface Verified {
  readonly sizeBytes: number;
  readonly sha256: string;
}

/**
 * Reads a model file as a whole and compares it with what it must be.
 *
 * @param fileName - how messages call the file
 * @throws HeadroomError `model_failed` that names the file, the expected and the found size and hash
 * @throws the signal's reason
 */
export async function verifyModelFile(
  path: string,
  fileName: string,
  expected: Expected,
  signal?: AbortSignal,
): Promise<Verified> {
  const { size: sizeBytes } = await stat(path);
  const sha256 = await sha256Of(path, signal);
  const problem = mismatch({ sizeBytes, sha256 }, expected) ?? (await ggufProblem(path));
  if (problem === undefined) return { sizeBytes, sha256 };
  throw new HeadroomError("model_failed", `${fileName} ${problem}`);
}

/**
 * Verifies a file that has just been fetched, and removes it when it is wrong.
 *
 * @throws as {@link verifyModelFile}
 */
export async function verifyNewFile(
  path: string,
  fileName: string,
  expected: Expected,
  signal: AbortSignal,
): Promise<Verified> {
  try {
    return await verifyModelFile(path, fileName, expected, signal);
  } catch (error) {
    await rm(path, { force: true });
    signal.throwIfAborted();
    throw new HeadroomError("model_failed", `${(error as Error).message}; it was not kept`);
  }
}

function mismatch(found: Verified, expected: Expected): string | undefined {
  const wrongSize = expected.sizeBytes !== undefined && expected.sizeBytes !== found.sizeBytes;
  const wrongHash = expected.sha256 !== undefined && expected.sha256 !== found.sha256;
  if (!wrongSize && !wrongHash) return undefined;
  const parts: string[] = [];
  if (wrongSize) parts.push(`has ${found.sizeBytes} bytes instead of ${expected.sizeBytes}`);
  if (expected.sha256 !== undefined) {
    const from = expected.sha256From ? ` (${expected.sha256From})` : "";
    parts.push(`has SHA-256 ${found.sha256} instead of ${expected.sha256}${from}`);
  } else {
    parts.push(`has SHA-256 ${found.sha256}`);
  }
  return parts.join(" and ");
}
