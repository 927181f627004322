import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Activity } from "../activity.ts";
import { withLock } from "../lock.mjs";
import { buildWithGo, hasGo } from "./build-with-go.ts";
import type { Source, Tool } from "./catalogue.ts";
import { findTool } from "./find.ts";
import { canInstallFromDebian, installFromDebian } from "./install-from-debian.ts";
import { instructions } from "./instructions.ts";

/** What obtaining a tool needs to know. */
export interface ObtainOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Folder for tools built here, kept between runs. */
  readonly toolsFolder: string;
  readonly activity: Activity;
  readonly signal: AbortSignal;
}

const MODULES = dirname(fileURLToPath(import.meta.url));

/**
 * The file of a tool that serves: found, or obtained once from the first of its sources that works
 * on this machine. Two commands that start at once do not disturb each other.
 *
 * @throws Error that says what is missing and what to type, when it cannot be had
 */
export async function obtainTool(tool: Tool, options: ObtainOptions): Promise<string> {
  const found = await findTool(tool, options);
  if (found.file) return found.file;
  // One lock for all tools: two builds at once take longer than one after the other.
  return withLock(
    join(options.toolsFolder, "..", "locks", "tools"),
    () => fetchTool(tool, options),
    {
      signal: options.signal,
      onWait: (owner) =>
        process.stderr.write(
          `Waiting for ${owner ? `process ${owner}` : "another command"} to obtain tools ...\n`,
        ),
    },
  );
}

async function fetchTool(tool: Tool, options: ObtainOptions): Promise<string> {
  const attempts: string[] = [];
  for (const source of tool.sources) {
    // Again each time: another command may have been quicker, and a source may bring too old a one.
    const { file } = await findTool(tool, options);
    if (file) return file;
    attempts.push(await attempt(tool, source, options));
  }
  const { file, rejected } = await findTool(tool, options);
  if (file) return file;
  throw new Error(instructions(tool, rejected, attempts.filter(Boolean)));
}

/** Tries one source; what went wrong, or an empty text. */
async function attempt(tool: Tool, source: Source, options: ObtainOptions): Promise<string> {
  try {
    if (source.kind === "debian") {
      if (!canInstallFromDebian(options.env)) return "";
      await installFromDebian(source.package, options);
    } else {
      if (!hasGo(options.env)) return "Go, which could build it, is not installed";
      await buildWithGo(tool, source, { ...options, modulesFolder: MODULES });
    }
    return "";
  } catch (error) {
    options.signal.throwIfAborted();
    return error instanceof Error ? error.message : String(error);
  }
}
