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
 * @throws HeadroomError `model_failed` that names the file and what to do
 */
export async function checkGgufHeader(file: string): Promise<void> {
  const header = await readStart(file);
  if (header.length < HEADER_BYTES || header.toString("latin1", 0, 4) !== "GGUF") {
    throw new HeadroomError(
      "model_failed",
      `${file} is not a GGUF file. Set HEADROOM_MODEL to the path of one.`,
    );
  }
  const counts = [header.readBigUInt64LE(8), header.readBigUInt64LE(16)];
  if (counts.some((count) => count > MOST_ENTRIES)) {
    throw new HeadroomError(
      "model_failed",
      `${file} is damaged: its header does not make sense. Fetch the file again.`,
    );
  }
}

async function readStart(file: string): Promise<Buffer> {
  const handle = await open(file).catch(() => undefined);
  if (!handle) {
    throw new HeadroomError(
      "model_failed",
      `There is no model file at ${file} that can be read. Set HEADROOM_MODEL to the path of a GGUF file.`,
    );
  }
  try {
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(HEADER_BYTES) });
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
