import { CommanderError } from "commander";
import { killTied } from "@headroom/loadtest/run/tied-process";
import { activityOn, type Running, say } from "./progress.ts";

/** What ends a command that was interrupted: 128 + the number of SIGINT, as shells have it. */
export const INTERRUPTED = 130;

/** The command could not do its work; 1 is kept for "done, and something is wrong". */
const COULD_NOT_RUN = 2;

/** What stopping may take beside the time that the exporter has to drain, in seconds. */
export const STOP_SECONDS = 20;

/** One Ctrl-C may arrive twice, from the terminal and from the npm that started this command. */
const SAME_CTRL_C_MS = 400;
const PARENT_MS = 1_000;
/** What a reader that does not read gets to take the last words, once all is stopped. */
const LAST_WORDS_MS = 1_000;

let interrupted = false;
let over = false;

/** The reason of an interrupted run's abort signal. */
class Interrupted extends Error {
  constructor(signal: string) {
    super(`interrupted by ${signal}`);
  }
}

/** For a command whose work takes a while: progress on standard error, and an end at Ctrl-C. */
export function begin(limitSeconds?: number): Running {
  return { activity: activityOn(process.stderr), signal: interruptSignal(limitSeconds) };
}

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
  // Only what was written is under way. A reader may take their time, but not after an interrupt.
  over = true;
  if (interrupted) endSoon();
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
  say(error instanceof Error ? error.message : String(error));
  return COULD_NOT_RUN;
}

/**
 * A signal that aborts with {@link Interrupted} at the first Ctrl-C, so that the command can stop
 * what it started. At the second one, or when stopping takes too long, everything is killed and the
 * process ends at once.
 *
 * @param limitSeconds - how long stopping may take
 */
function interruptSignal(limitSeconds = STOP_SECONDS): AbortSignal {
  const controller = new AbortController();
  let first = 0;
  const endNow = () => {
    killTied();
    process.exit(INTERRUPTED);
  };
  const interrupt = (name: NodeJS.Signals) => {
    if (interrupted && Date.now() - first < SAME_CTRL_C_MS) return;
    if (interrupted) endNow();
    interrupted = true;
    first = Date.now();
    if (over) return endSoon();
    // Nobody is at the keyboard who sends anything else.
    if (name === "SIGINT") say("Stopping; press Ctrl-C again to stop at once.");
    setTimeout(() => {
      say(`Not all has stopped within ${limitSeconds} s; the rest is killed.`);
      endNow();
    }, 1000 * limitSeconds).unref();
    controller.abort(new Interrupted(name));
  };
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, interrupt);
  // Killing npm must not leave the load running: its end is an interrupt too.
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    interrupt("SIGHUP");
  }, PARENT_MS).unref();
  return controller.signal;
}

function endSoon(): void {
  setTimeout(() => process.exit(), LAST_WORDS_MS).unref();
}
