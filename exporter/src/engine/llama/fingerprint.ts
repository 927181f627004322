import { createHash } from "node:crypto";
import { mkdir, readFile, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { HeadroomError } from "../../errors.ts";
import { sha256Of } from "../../models/file-hash.ts";
import { modelPaths } from "./model-files.ts";

/** Where the exporter keeps the hashes of model files. */
export function hashesFolder({ modelsFolder }: { readonly modelsFolder: string }): string {
  return join(modelsFolder, "hashes");
}

/**
 * A file that was just written may be written to once more without its time moving on: the clock of file
 * systems has steps, on Linux of up to 10 ms, on others of up to 2 s.
 */
const SETTLED_MS = 2_000;

/**
 * Tells apart model files, and ways of asking the same file: a hash of all bytes of all its parts. It
 * takes a second or two for each GB, so it is kept beside the sizes and times of the files, which tell
 * whether it still holds.
 *
 * @param keptIn - folder for it; a hash that cannot be kept there is only calculated again next time
 * @throws HeadroomError `model_failed` when a file is written to meanwhile
 */
export async function fingerprint(
  file: string,
  instructions: object,
  keptIn?: string,
): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify(instructions));
  for (const path of await modelPaths(file)) hash.update(await hashOf(path, keptIn));
  return hash.digest("hex").slice(0, 16);
}

async function hashOf(file: string, keptIn: string | undefined): Promise<string> {
  const { stamp, changedMs } = await stampOf(file);
  const name = createHash("sha256").update(resolve(file)).digest("hex").slice(0, 32);
  const side = keptIn === undefined ? undefined : join(keptIn, `${name}.json`);
  const kept = side === undefined ? undefined : await readKept(side, stamp);
  if (kept !== undefined) return kept;
  const began = Date.now();
  const sha256 = await sha256Of(file);
  if ((await stampOf(file)).stamp !== stamp) {
    throw new HeadroomError(
      "model_failed",
      `${file} was written to while it was read. Start again when it is whole.`,
    );
  }
  const isSettled = began - changedMs > SETTLED_MS;
  if (side !== undefined && isSettled) await keep(side, { file, stamp, sha256 });
  return sha256;
}

/**
 * What of a file stays the same while nobody writes into it. A copy can keep the time of writing, so that
 * of the last change of name, owner or times counts too.
 */
async function stampOf(file: string) {
  const { ino, size, mtimeNs, ctimeNs, ctimeMs } = await stat(file, { bigint: true });
  return { stamp: `${ino} ${size} ${mtimeNs} ${ctimeNs}`, changedMs: Number(ctimeMs) };
}

/** Undefined when nothing was kept, something else, or for another state of the file. */
async function readKept(side: string, stamp: string): Promise<string | undefined> {
  try {
    const kept = JSON.parse(await readFile(side, "utf8")) as { stamp?: unknown; sha256?: unknown };
    if (kept.stamp !== stamp || typeof kept.sha256 !== "string") return undefined;
    return /^[\da-f]{64}$/.test(kept.sha256) ? kept.sha256 : undefined;
  } catch {
    return undefined;
  }
}

/** Written as a whole or not at all, since several processes may read and write it. */
async function keep(side: string, kept: object): Promise<void> {
  try {
    await mkdir(dirname(side), { recursive: true });
    await writeFileAtomic(side, JSON.stringify(kept));
  } catch (error) {
    console.warn(
      `headroom exporter: the hash of a model cannot be kept, so the next start calculates it again: ${(error as Error).message}`,
    );
  }
}
