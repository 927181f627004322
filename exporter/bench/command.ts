import { fit } from "@headroom/loadtest/report/terminal";
import { CommanderError, InvalidArgumentError } from "commander";

const COULD_NOT_RUN = 2;
const INTERRUPTED = 130;

/** Outside a terminal, so often and no more often. */
const LOG_MS = 10_000;

/** Is told what is done, and how far it is. */
export type Tell = (what: string, done?: number, all?: number) => void;

/** What a command works with. */
export interface Running {
  readonly tell: Tell;
  /** Clears the line of {@link Running.tell} on a terminal. */
  readonly clear: () => void;
  /** Aborts at Ctrl-C. */
  readonly signal: AbortSignal;
}

/**
 * Runs a command to its exit code: what `work` returns, 2 when it throws, 130 when it is interrupted.
 * Errors are told in words.
 */
export async function runCommand(work: (running: Running) => Promise<number>): Promise<void> {
  const interrupt = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => interrupt.abort());
  const progress = progressOn(process.stderr);
  try {
    process.exitCode = await work({ ...progress, signal: interrupt.signal });
  } catch (error) {
    progress.clear();
    process.exitCode = interrupt.signal.aborted ? INTERRUPTED : exitCodeOf(error);
  }
}

function exitCodeOf(error: unknown): number {
  // Commander has said it already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : COULD_NOT_RUN;
  console.error((error as Error).message);
  return COULD_NOT_RUN;
}

/** One line that is rewritten on a terminal; elsewhere a line for each step, and every ten seconds. */
function progressOn(stream: NodeJS.WriteStream): Omit<Running, "signal"> {
  let step = "";
  let last = 0;
  return {
    tell(what, done, all) {
      const text = all === undefined ? what : `${what}: ${done} of ${all}`;
      if (stream.isTTY) return void stream.write(`\r\x1b[K${fit(text, stream.columns)}`);
      if (what === step && performance.now() - last < LOG_MS) return;
      step = what;
      last = performance.now();
      stream.write(`${text}\n`);
    },
    clear() {
      if (stream.isTTY) stream.write("\r\x1b[K");
    },
  };
}

/** Reads an option's argument: a whole number above 0. */
export function atLeastOne(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new InvalidArgumentError("give a whole number above 0");
}
