import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { pipeline } from "node:stream/promises";

/** Large pieces: a 5 GB file is read in a few seconds. */
const PIECE_BYTES = 1 << 20;

/**
 * SHA-256 of a file, as 64 hexadecimal digits, without holding the file in memory.
 *
 * @throws the signal's reason, or the error of the file system
 */
export async function sha256Of(file: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file, { highWaterMark: PIECE_BYTES }), hash, {
    ...(signal && { signal }),
  });
  return hash.digest("hex");
}

/** Where the hash of a downloaded file is kept. */
export function hashFileOf(file: string): string {
  return `${file}.sha256`;
}

/** The hash that was kept when the file was first downloaded; undefined when there is none. */
export async function keptHashOf(file: string): Promise<string | undefined> {
  const text = await readFile(hashFileOf(file), "utf8").catch(() => "");
  return /^[0-9a-f]{64}/.exec(text)?.[0];
}

/** Keeps a hash in the form that `sha256sum --check` reads. */
export async function keepHashOf(file: string, fileName: string, sha256: string): Promise<void> {
  await writeFile(hashFileOf(file), `${sha256}  ${fileName}\n`);
}
