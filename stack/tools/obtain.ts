import { join } from "node:path";
import { withLock } from "../lock.mjs";
import { TOOLS_FOLDER } from "../places.ts";
import type { Running } from "../progress.ts";
import { type Source, type Tool, type ToolName, TOOLS } from "./catalogue.ts";
import { findTool, type SearchPlaces } from "./find.ts";
import { buildWithGo, canInstallFromDebian, hasGo, installFromDebian } from "./sources.ts";

/** How a tool is obtained, and where it is looked for: on this machine when nothing else is said. */
export type ObtainOptions = Running & Partial<SearchPlaces>;

type Obtaining = Required<ObtainOptions>;

/**
 * The file of a tool that a command cannot do without: found, or obtained once from the first of its
 * sources that works on this machine. Two commands that start at once do not disturb each other.
 *
 * @throws Error that says why it is missing and what to type, when it cannot be had
 */
export async function requireTool(named: ToolName | Tool, options: ObtainOptions): Promise<string> {
  const tool: Tool = typeof named === "string" ? TOOLS[named] : named;
  const obtaining = { env: process.env, toolsFolder: TOOLS_FOLDER, ...options };
  const found = await findTool(tool, obtaining);
  if (found.file) return found.file;
  // One lock for all tools: two builds at once take longer than one after the other.
  const lock = join(obtaining.toolsFolder, "..", "locks", "tools");
  return withLock(lock, () => obtain(tool, obtaining), {
    signal: options.signal,
    onWait: (owner) =>
      process.stderr.write(
        `Waiting for ${owner ? `process ${owner}` : "another command"} to obtain tools ...\n`,
      ),
  });
}

/**
 * The file of a tool that a command can do without. When it is not here and cannot be had, a note
 * says why, what to type, and what goes on without it.
 *
 * @param options.without - what the command does without it, in a sentence
 * @param options.look - only look for it: nothing is built or installed
 * @throws Error when its variable names a file that does not serve, or the signal's reason
 */
export async function optionalTool(
  name: ToolName,
  options: ObtainOptions & {
    readonly without: string;
    readonly look?: true;
    say(text: string): void;
  },
): Promise<string | undefined> {
  const { without, look, say, env = process.env, toolsFolder = TOOLS_FOLDER } = options;
  // A wrong variable is a mistake, and no tool that is missing.
  const { file, rejected } = await findTool(TOOLS[name], { env, toolsFolder });
  if (file !== undefined) return file;
  try {
    if (look) throw new Error(instructions(TOOLS[name], rejected, []));
    return await requireTool(name, options);
  } catch (error) {
    options.signal.throwIfAborted();
    say(`Note: ${without}\n${(error as Error).message}`);
    return undefined;
  }
}

async function obtain(tool: Tool, options: Obtaining): Promise<string> {
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
async function attempt(tool: Tool, source: Source, options: Obtaining): Promise<string> {
  const { env, signal } = options;
  try {
    if (source.kind === "debian") {
      if (!canInstallFromDebian(env)) return "";
      await installFromDebian(source.package, options);
    } else {
      if (!hasGo(env)) return "Go, which could build it, is not installed";
      await buildWithGo(tool, source, options);
    }
    return "";
  } catch (error) {
    signal.throwIfAborted();
    return error instanceof Error ? error.message : String(error);
  }
}

/** What to tell a person whose machine lacks a tool: why, and what to type. */
function instructions(
  tool: Tool,
  rejected: readonly string[],
  attempts: readonly string[],
): string {
  const { mac, linux, docker } = tool.commands;
  const buildable = tool.sources.some(({ kind }) => kind === "go");
  return [
    `${tool.name} ${tool.oldest.join(".")} or newer is missing; it ${tool.purpose}.`,
    ...rejected.map((line) => `  passed over ${line}`),
    ...attempts.map((line) => `  ${line}`),
    "Install it, then try again:",
    `  macOS:   ${mac}`,
    `  Linux:   ${linux}`,
    ...(buildable ? ["  any:     install Go from https://go.dev/dl/; it is then built here"] : []),
    `  Docker:  ${docker}`,
    `Or name the program's file in ${tool.variable}.`,
  ].join("\n");
}
