import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";

/** A folder of this process alone, where a download grows. */
export interface PartialFolder {
  readonly path: string;
  /** Leaves what is there for the next attempt, in this process or a later one. */
  keep(): Promise<void>;
  remove(): Promise<void>;
}

/** Names of the folders that this process works in. */
const inUse = new Set<string>();

/**
 * Takes over what an attempt that ended left behind, or else makes a new folder. Each process has its own, so
 * that downloads of the same file do not write into each other.
 */
export async function claimPartialFolder(
  modelsFolder: string,
  fileName: string,
): Promise<PartialFolder> {
  await mkdir(modelsFolder, { recursive: true });
  const own = `.${fileName}.${process.pid}-${randomUUID()}.partial`;
  const path = join(modelsFolder, own);
  inUse.add(own);
  if (!(await takeOver(modelsFolder, fileName, path))) await mkdir(path, { recursive: true });
  return {
    path,
    keep: async () => {
      // Only an empty folder goes.
      await rmdir(path).catch(() => {});
      inUse.delete(own);
    },
    remove: async () => {
      await rm(path, { recursive: true, force: true });
      inUse.delete(own);
    },
  };
}

async function takeOver(modelsFolder: string, fileName: string, path: string): Promise<boolean> {
  for (const name of await readdir(modelsFolder)) {
    if (!isLeftBehind(name, fileName)) continue;
    // Renaming succeeds for one process only.
    const taken = await rename(join(modelsFolder, name), path).then(
      () => true,
      () => false,
    );
    if (taken) return true;
  }
  return false;
}

function isLeftBehind(name: string, fileName: string): boolean {
  const start = `.${fileName}.`;
  if (!name.startsWith(start) || !name.endsWith(".partial") || inUse.has(name)) return false;
  const pid = Number.parseInt(name.slice(start.length), 10);
  return pid === process.pid || !isRunning(pid);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
