import type { Activity } from "./activity.ts";
import { TOOLS_FOLDER } from "./places.ts";
import { TOOLS, type ToolName } from "./tools/catalogue.ts";
import { findTool } from "./tools/find.ts";
import { obtainTool } from "./tools/obtain.ts";

const places = { env: process.env, toolsFolder: TOOLS_FOLDER };

/**
 * The file of a tool that a command cannot do without; built or installed when it is missing.
 *
 * @throws Error that says what to install, and how, when it cannot be had
 */
export function requireTool(
  name: ToolName,
  options: { readonly activity: Activity; readonly signal: AbortSignal },
): Promise<string> {
  return obtainTool(TOOLS[name], { ...places, ...options });
}

/**
 * The file of a tool that a command can do without; built or installed when it is missing, and
 * undefined when it cannot be had.
 *
 * @throws Error when its variable names a file that does not serve, or the signal's reason
 */
export async function toolIfObtainable(
  name: ToolName,
  options: { readonly activity: Activity; readonly signal: AbortSignal },
): Promise<string | undefined> {
  const present = await toolIfPresent(name);
  if (present !== undefined) return present;
  try {
    return await requireTool(name, options);
  } catch {
    options.signal.throwIfAborted();
    return undefined;
  }
}

/** The file of a tool if it is here; nothing is built or installed. */
export async function toolIfPresent(name: ToolName): Promise<string | undefined> {
  return (await findTool(TOOLS[name], places)).file;
}
