import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Tool } from "./catalogue.ts";
import { isNewEnough, versionOf } from "./version.ts";

/** Where to look. */
export interface SearchPlaces {
  readonly env: NodeJS.ProcessEnv;
  /** Folder of the tools that were built or copied for this checkout. */
  readonly toolsFolder: string;
}

/** What a search found: a program's file, and the files that were passed over with the reason. */
export interface Found {
  readonly file: string | undefined;
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
    const reason = await unfit(named, tool);
    if (reason) throw new Error(`${tool.variable} names ${named}, but ${reason}.`);
    return { file: named, rejected: [] };
  }
  const folders = [...(places.env["PATH"] ?? "").split(delimiter), places.toolsFolder];
  const rejected: string[] = [];
  for (const file of new Set(folders.filter(Boolean).map((folder) => join(folder, tool.name)))) {
    if (!isExecutable(file)) continue;
    const reason = await unfit(file, tool);
    if (!reason) return { file, rejected };
    rejected.push(`${file}: ${reason}`);
  }
  return { file: undefined, rejected };
}

async function unfit(file: string, tool: Tool): Promise<string | undefined> {
  if (!isExecutable(file)) return "it is not an executable file";
  const version = await versionOf(file, tool);
  if (!version) return "it does not tell its version";
  if (isNewEnough(version, tool.oldest)) return undefined;
  return `it is version ${version.join(".")}, and ${tool.oldest.join(".")} or newer is needed`;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
