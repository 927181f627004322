import { CommanderError } from "commander";
import { INTERRUPTED, Interrupted, nothingLeftToStop } from "./interrupt.ts";

/** The command could not do its work; 1 is kept for "done, and something is wrong". */
export const COULD_NOT_RUN = 2;

/**
 * Runs a command and ends the process with its exit code. Errors are told in words: a stack helps
 * nobody whose port is taken.
 */
export async function runCommand(work: () => Promise<number>): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) writeWithoutWaiting(stream);
  try {
    process.exitCode = await work();
  } catch (error) {
    process.exitCode = exitCodeOf(error);
  }
  nothingLeftToStop();
}

/**
 * Node writes to pipes and terminals synchronously, so that a reader which does not read (a frozen
 * pager, Ctrl-S) would stop the whole process, and no Ctrl-C were heard. Node has no public switch
 * for it. Nor is a reader that went away a reason to fall over.
 */
function writeWithoutWaiting(stream: NodeJS.WriteStream): void {
  const { _handle } = stream as { _handle?: { setBlocking?(blocking: boolean): void } };
  _handle?.setBlocking?.(false);
  stream.on("error", () => undefined);
}

function exitCodeOf(error: unknown): number {
  if (error instanceof Interrupted) return INTERRUPTED;
  // Commander has said it already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : COULD_NOT_RUN;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return COULD_NOT_RUN;
}
