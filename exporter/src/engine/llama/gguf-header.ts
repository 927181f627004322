import { open } from "node:fs/promises";
import { HeadroomError } from "../../errors.ts";

/** Magic, version, number of tensors, number of metadata entries. */
const HEADER_BYTES = 24;

/** Far more than any model has; a damaged count would keep a reader busy for ever. */
const MOST_ENTRIES = 1_000_000n;

/**
 * Checks the fixed part at the start of a GGUF file
 * (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md, "File Structure").
 *
 * @returns what is wrong, to be read after the file's name; undefined when nothing is
 */
export async function ggufProblem(file: string): Promise<string | undefined> {
  const header = await readStart(file);
  if (!header) return "cannot be read";
  if (header.length < HEADER_BYTES || header.toString("latin1", 0, 4) !== "GGUF") {
    return "is not a GGUF file";
  }
  const counts = [header.readBigUInt64LE(8), header.readBigUInt64LE(16)];
  if (counts.some((count) => count > MOST_ENTRIES)) {
    return "is damaged: its header does not make sense";
  }
  return undefined;
}

/**
 * Refuses what {@link ggufProblem} finds wrong.
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

/** Undefined when there is no such file or it may not be read. */
async function readStart(file: string): Promise<Buffer | undefined> {
  const handle = await open(file).catch(() => undefined);
  if (!handle) return undefined;
  try {
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(HEADER_BYTES) });
    return buffer.subarray(0, bytesRead);
  } catch {
    return undefined;
  } finally {
    await handle.close();
  }
}
