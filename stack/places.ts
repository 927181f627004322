import { readFileSync } from "node:fs";
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

/** The incidents process as one file, made by its build. */
export const INCIDENTS_BUNDLE = join(ROOT, "incidents", "dist", "main.js");

/**
 * File of an installed package's command, to be run with this Node.
 *
 * @param name - the package
 * @param command - the command, when it is not called like the package
 * @throws Error when the package has no such command
 */
export function packageCommand(name: string, command = name): string {
  const description = require.resolve(`${name}/package.json`);
  const { bin } = JSON.parse(readFileSync(description, "utf8")) as { bin?: Commands };
  const file = typeof bin === "string" ? bin : bin?.[command];
  if (file === undefined) throw new Error(`the package ${name} has no command ${command}`);
  return join(dirname(description), file);
}

type Commands = string | Readonly<Record<string, string>>;
