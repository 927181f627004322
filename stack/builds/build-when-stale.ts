import { join } from "node:path";
import type { Activity } from "../activity.ts";
import { withLock } from "../lock.mjs";
import { ROOT } from "../places.ts";
import { runQuietly } from "../processes/run-quietly.ts";
import { isNewer } from "./is-newer.ts";

/** Something that is built from sources of this checkout. */
export interface Build {
  /** What is built, after "Building". */
  readonly title: string;
  /** The file that the build writes last, from the top of the checkout. */
  readonly result: string;
  /** Files and folders that it is made from, from the top of the checkout. */
  readonly sources: readonly string[];
  /** Arguments of Node, run in `folder`. */
  readonly command: readonly string[];
  /** From the top of the checkout. */
  readonly folder: string;
}

/** How a build reports and stops, and whether it is made although nothing has changed. */
export interface BuildOptions {
  readonly activity: Activity;
  readonly signal: AbortSignal;
  readonly always?: boolean;
}

/**
 * Builds when the sources are newer than the result, or always when told so. Two commands at once
 * build one after the other.
 *
 * @throws Error with the build's last lines when it fails
 */
export async function buildWhenStale(build: Build, options: BuildOptions): Promise<void> {
  const { always, activity, signal } = options;
  const isBuilt = () =>
    isNewer(
      join(ROOT, build.result),
      build.sources.map((source) => join(ROOT, source)),
    );
  if (!always && (await isBuilt())) return;
  await withLock(
    join(ROOT, ".tools", "locks", "build"),
    async () => {
      if (!always && (await isBuilt())) return;
      await activity(`Building ${build.title}`, () =>
        runQuietly(process.execPath, build.command, { cwd: join(ROOT, build.folder), signal }),
      );
    },
    { signal },
  );
}
