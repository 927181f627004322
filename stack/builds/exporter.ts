import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Activity } from "../activity.ts";
import { withLock } from "../lock.mjs";
import { EXPORTER_BUNDLE, packageCommand, ROOT } from "../places.ts";
import { runQuietly } from "../processes/run-quietly.ts";

/** What the bundle is made from. */
const SOURCES = ["exporter/src", "exporter/build.ts", "exporter/package.json", "alerts"];

/**
 * Builds the exporter when its sources are newer than the bundle, or always when told so. Two
 * commands at once build one after the other.
 *
 * @throws Error with the build's last lines when it fails
 */
export async function buildExporter(options: {
  readonly activity: Activity;
  readonly signal: AbortSignal;
  readonly always?: boolean;
}): Promise<void> {
  if (!options.always && (await isBuilt())) return;
  await withLock(
    join(ROOT, ".tools", "locks", "build"),
    async () => {
      if (!options.always && (await isBuilt())) return;
      await options.activity("Building the exporter", () =>
        runQuietly(process.execPath, [packageCommand("tsx"), "build.ts"], {
          cwd: join(ROOT, "exporter"),
          signal: options.signal,
        }),
      );
    },
    { signal: options.signal },
  );
}

const isBuilt = () =>
  isNewer(
    EXPORTER_BUNDLE,
    SOURCES.map((source) => join(ROOT, source)),
  );

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
