import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);

/** Folder of the checkout. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Tools that were built for this checkout; git ignores it. */
export const TOOLS_FOLDER = join(ROOT, ".tools", "bin");

/** One folder a run: logs, data and reports; git ignores it. */
export const RUNS_FOLDER = join(ROOT, ".runs");

/** The exporter as one file, made by its build. */
export const EXPORTER_BUNDLE = join(ROOT, "exporter", "dist", "main.js");

/** File of a package's command, to be run with this Node, for example `packageFile("tsx/cli")`. */
export function packageFile(name: string): string {
  return require.resolve(name);
}
