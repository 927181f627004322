import { CommanderError } from "commander";
import { INTERRUPTED, Interrupted } from "./interrupt.ts";

/** The command could not do its work; 1 is kept for "done, and something is wrong". */
export const COULD_NOT_RUN = 2;

/**
 * Runs a command and ends the process with its exit code. Errors are told in words: a stack helps
 * nobody whose port is taken.
 */
export async function runCommand(work: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await work();
  } catch (error) {
    process.exitCode = exitCodeOf(error);
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof Interrupted) return INTERRUPTED;
  // Commander has said it already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : COULD_NOT_RUN;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return COULD_NOT_RUN;
}
