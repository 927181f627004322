import { readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);

/** Folder of the checkout. */
export const ROOT = join(import.meta.dirname, "..");

/** Tools that were built for this checkout; git ignores it. */
export const TOOLS_FOLDER = join(ROOT, ".tools", "bin");

/** One folder a run: logs, data and reports; git ignores it. */
export const RUNS_FOLDER = join(ROOT, ".runs");

/** Where one run keeps its files. */
export interface RunFolder {
  readonly path: string;
  /** The log file of a service. */
  log(service: string): string;
}

/**
 * Makes a new folder named after the time, like `2026-03-04T05-06-07`; a number is added when two
 * runs start within the same second.
 */
export async function makeRunFolder(parent = RUNS_FOLDER, now = new Date()): Promise<RunFolder> {
  const name = now.toISOString().slice(0, 19).replaceAll(":", "-");
  await mkdir(parent, { recursive: true });
  for (let number = 1; ; number++) {
    try {
      return await newFolder(join(parent, number === 1 ? name : `${name}-${number}`));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}

/** A folder of its own, called `name`, for a part of a run. */
export function folderWithin({ path }: RunFolder, name: string): Promise<RunFolder> {
  return newFolder(join(path, name));
}

async function newFolder(path: string): Promise<RunFolder> {
  await mkdir(path);
  await mkdir(join(path, "logs"));
  return { path, log: (service) => join(path, "logs", `${service}.log`) };
}

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
