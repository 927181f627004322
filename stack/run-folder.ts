import { mkdir } from "node:fs/promises";
import { join } from "node:path";

/** Where one run keeps its files. */
export interface RunFolder {
  readonly path: string;
  /** The log file of a part. */
  log(part: string): string;
}

/**
 * Makes a new folder named after the time, like `2026-03-04T05-06-07`; a number is added when two
 * runs start within the same second.
 */
export async function makeRunFolder(parent: string, now = new Date()): Promise<RunFolder> {
  const name = now.toISOString().slice(0, 19).replaceAll(":", "-");
  await mkdir(parent, { recursive: true });
  for (let number = 1; ; number++) {
    const path = join(parent, number === 1 ? name : `${name}-${number}`);
    try {
      await mkdir(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") continue;
      throw error;
    }
    return withLogs(path);
  }
}

/** A folder of its own, called `name`, for a part of a run. */
export async function folderWithin({ path }: RunFolder, name: string): Promise<RunFolder> {
  await mkdir(join(path, name));
  return withLogs(join(path, name));
}

async function withLogs(path: string): Promise<RunFolder> {
  await mkdir(join(path, "logs"));
  return { path, log: (part) => join(path, "logs", `${part}.log`) };
}
