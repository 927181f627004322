import { createHash } from "node:crypto";
import { open } from "node:fs/promises";

/** Read from either end of the file, so that a file of many GB takes no longer than a small one. */
const SAMPLE_BYTES = 1e6;

/** Tells apart model files, and ways of asking the same file. */
export async function fingerprint(file: string, instructions: object): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify(instructions));
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    hash.update(String(size));
    for (const position of [0, Math.max(0, size - SAMPLE_BYTES)]) {
      const { buffer, bytesRead } = await handle.read({
        buffer: Buffer.alloc(SAMPLE_BYTES),
        position,
      });
      hash.update(buffer.subarray(0, bytesRead));
    }
  } finally {
    await handle.close();
  }
  return hash.digest("hex").slice(0, 16);
}
