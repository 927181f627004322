import { killTied } from "@headroom/loadtest/run/tied-process";

/** What ends a command that was interrupted: 128 + the number of SIGINT, as shells have it. */
export const INTERRUPTED = 130;

/** One Ctrl-C may arrive twice, from the terminal and from the npm that started this command. */
const SAME_CTRL_C_MS = 400;

const PARENT_MS = 1_000;

/** What stopping may take beside the time that the exporter has to drain, in seconds. */
export const STOP_SECONDS = 20;

/** What a reader that does not read gets to take the last words, once all is stopped. */
const LAST_WORDS_MS = 1_000;

let interrupted = false;
let over = false;

/** The reason of an interrupted run's abort signal. */
export class Interrupted extends Error {
  constructor(signal: string) {
    super(`interrupted by ${signal}`);
  }
}

/**
 * A signal that aborts with {@link Interrupted} at the first Ctrl-C, so that the command can stop
 * what it started. At the second one, or when stopping takes too long, everything is killed and the
 * process ends at once.
 *
 * @param limitSeconds - how long stopping may take
 */
export function interruptSignal(
  say: (text: string) => void,
  limitSeconds = STOP_SECONDS,
): AbortSignal {
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
    say("Stopping; press Ctrl-C again to stop at once.");
    setTimeout(() => {
      say(`Not all has stopped within ${limitSeconds} s; the rest is killed.`);
      endNow();
    }, 1000 * limitSeconds).unref();
    controller.abort(new Interrupted(name));
  };
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, interrupt);
  watchParent(() => interrupt("SIGHUP"));
  return controller.signal;
}

/**
 * For the end of a command, when only what it wrote is still under way. Whoever pages through it may
 * take their time, but not after an interrupt.
 */
export function nothingLeftToStop(): void {
  over = true;
  if (interrupted) endSoon();
}

function endSoon(): void {
  setTimeout(() => process.exit(), LAST_WORDS_MS).unref();
}

/** Killing npm must not leave the load running: its end is an interrupt too. */
function watchParent(onEnd: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onEnd();
  }, PARENT_MS);
  timer.unref();
}
