import { execFile } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import type { Program, Tool } from "./catalogue.ts";

/** A program's version, as [major, minor]. */
export type Version = readonly [number, number];

/** Starting a large program from a cold disk takes seconds; more than this is a broken one. */
const VERSION_LIMIT_MS = 20_000;

/** Where to look. */
export interface SearchPlaces {
  readonly env: NodeJS.ProcessEnv;
  /** Folder of the tools that were built or copied for this checkout. */
  readonly toolsFolder: string;
}

/** What a search found. */
export interface Found {
  /** The program's file; undefined when there is none that serves. */
  readonly file: string | undefined;
  /** Of that file. */
  readonly version: Version | undefined;
  /** The files that were passed over, each with the reason. */
  readonly rejected: readonly string[];
}

/**
 * Looks for a tool: the file its variable names, then each folder of PATH, then the tools folder.
 * A program that is too old or does not answer is passed over.
 *
 * @throws Error when the variable names a file that does not serve
 */
export async function findTool(tool: Tool, places: SearchPlaces): Promise<Found> {
  const named = places.env[tool.variable];
  if (named) {
    const { version, unfit } = await tryOut(named, tool);
    if (unfit) throw new Error(`${tool.variable} names ${named}, but ${unfit}.`);
    return { file: named, version, rejected: [] };
  }
  return findProgram(tool, places);
}

/**
 * Looks for a program under each of its names: in each folder of PATH, then in the tools folder. One
 * that is too old or does not answer is passed over.
 */
export async function findProgram(
  program: Program,
  { env, toolsFolder }: SearchPlaces,
): Promise<Found> {
  const folders = [...pathFolders(env), toolsFolder];
  const files = [program.name, ...(program.otherFiles ?? [])].flatMap((name) =>
    isAbsolute(name) ? [name] : folders.map((folder) => join(folder, name)),
  );
  const rejected: string[] = [];
  for (const file of new Set(files)) {
    if (!isExecutable(file)) continue;
    const { version, unfit } = await tryOut(file, program);
    if (!unfit) return { file, version, rejected };
    rejected.push(`${file}: ${unfit}`);
  }
  return { file: undefined, version: undefined, rejected };
}

/** Whether a folder of PATH holds an executable file of this name. */
export function isOnPath(name: string, env: NodeJS.ProcessEnv): boolean {
  return pathFolders(env).some((folder) => isExecutable(join(folder, name)));
}

function pathFolders(env: NodeJS.ProcessEnv): readonly string[] {
  return (env["PATH"] ?? "").split(delimiter).filter(Boolean);
}

/** The version, and why the file does not serve when it does not. */
async function tryOut(
  file: string,
  { versionArguments = ["--version"], oldest }: Program,
): Promise<{ readonly version?: Version; readonly unfit?: string }> {
  if (!isExecutable(file)) return { unfit: "it is not an executable file" };
  const version = await versionOf(file, versionArguments);
  if (!version) return { unfit: "it does not tell its version" };
  if (!oldest || isNewEnough(version, oldest)) return { version };
  const unfit = `it is version ${version.join(".")}, and ${oldest.join(".")} or newer is needed`;
  return { version, unfit };
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/**
 * Asks a program for its version.
 *
 * @param versionArguments - what makes it print its version
 * @returns undefined when the file cannot be run or does not print a version
 */
async function versionOf(
  file: string,
  versionArguments: readonly string[],
): Promise<Version | undefined> {
  const output = await new Promise<string>((resolve) => {
    // Some print it to standard output, others to standard error.
    execFile(file, versionArguments, { timeout: VERSION_LIMIT_MS }, (_error, stdout, stderr) =>
      resolve(`${stdout}\n${stderr}`),
    );
  });
  return parseVersion(output);
}

/** The first `1.2`, `v1.2.3` or `go1.2.3` in a text. */
export function parseVersion(text: string): Version | undefined {
  const found = /\b(?:v|go)?=?(\d+)\.(\d+)/.exec(text);
  return found ? [Number(found[1]), Number(found[2])] : undefined;
}

/** Whether `version` is `oldest` or newer. */
export function isNewEnough(version: Version, oldest: Version): boolean {
  return version[0] > oldest[0] || (version[0] === oldest[0] && version[1] >= oldest[1]);
}
