import { mkdir, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** Ends the names of files that are being written; one that is left over means nothing. */
export const UNFINISHED = ".tmp";

/**
 * Replaces a file so that at any time, also after a loss of power, there is the old text or the new
 * one and nothing between them. When it returns, the new text is on the disk.
 *
 * @throws Error with a system code, such as ENOSPC; the old text is still there
 */
export async function writeDurably(path: string, text: string): Promise<void> {
  const unfinished = join(dirname(path), `.${basename(path)}.${process.pid}${UNFINISHED}`);
  try {
    const file = await open(unfinished, "w");
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => {});
    throw error;
  }
  await syncFolder(dirname(path));
}

/**
 * Removes files of one folder; when it returns, they are gone from the disk. Those that are gone
 * already count as removed.
 *
 * @throws Error with a system code; then some may be removed and the others are whole
 */
export async function removeDurably(paths: readonly string[]): Promise<void> {
  const [first] = paths;
  if (first === undefined) return;
  for (const path of paths) await rm(path, { force: true });
  await syncFolder(dirname(first));
}

/**
 * Makes a folder and those above it, lasting.
 *
 * @throws Error with a system code
 */
export async function makeFolderDurably(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  if (first !== undefined) await syncFolder(dirname(first));
}

/** A new name is only on the disk when its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
