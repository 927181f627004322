import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** Whether `file` exists and nothing in `sources` (files and folders) was changed after it. */
export async function isNewer(file: string, sources: readonly string[]): Promise<boolean> {
  const made = await stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
  if (made === undefined) return false;
  const changes = await Promise.all(sources.map(lastChange));
  return Math.max(...changes) <= made;
}

async function lastChange(path: string): Promise<number> {
  const info = await stat(path).catch(() => undefined);
  if (!info) return 0;
  if (!info.isDirectory()) return info.mtimeMs;
  const entries = (await readdir(path)).filter((name) => name !== "node_modules");
  const changes = await Promise.all(entries.map((name) => lastChange(join(path, name))));
  // The folder's own time tells of files that were removed.
  return Math.max(info.mtimeMs, ...changes);
}
