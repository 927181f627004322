import type { Activity, ProgressStream } from "../progress.ts";
import { obtainForRun } from "../models.ts";
import { requireTool } from "../tools/obtain.ts";
import { type ToolName, TOOLS } from "../tools/catalogue.ts";

/**
 * Obtains every tool that can be obtained here, and the chat model of the configuration. What cannot
 * be had is told, and the rest goes on.
 *
 * @throws the signal's reason
 */
export async function obtainMissing(options: {
  readonly env: NodeJS.ProcessEnv;
  readonly activity: Activity;
  readonly signal: AbortSignal;
  readonly stream: ProgressStream;
}): Promise<void> {
  const { env, activity, signal, stream } = options;
  for (const name of Object.keys(TOOLS) as ToolName[]) {
    try {
      await requireTool(name, { activity, signal });
    } catch (error) {
      signal.throwIfAborted();
      stream.write(`${error instanceof Error ? error.message : String(error)}\n`);
    }
  }
  await obtainForRun(undefined, { env, signal, stream });
}
