import { TOOLS, type ToolName } from "../tools/catalogue.ts";
import type { CheckContext, Outcome } from "./check.ts";

/** Finds or obtains every tool; each that cannot be had is told and fails. */
export async function checkTools({ tool, signal }: CheckContext): Promise<Outcome> {
  let failed = 0;
  for (const name of Object.keys(TOOLS) as ToolName[]) {
    try {
      console.log(`${name.padEnd(14)} ${await tool(name)}`);
    } catch (error) {
      signal.throwIfAborted();
      console.log(error instanceof Error ? error.message : String(error));
      failed = 1;
    }
  }
  return { passed: 1 - failed, failed };
}
