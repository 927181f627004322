import { killAll } from "./processes/children.ts";

/** What ends a command that was interrupted: 128 + the number of SIGINT, as shells have it. */
export const INTERRUPTED = 130;

/** One Ctrl-C may arrive twice, from the terminal and from the npm that started this command. */
const SAME_CTRL_C_MS = 400;

const PARENT_MS = 1_000;

/** The reason of an interrupted run's abort signal. */
export class Interrupted extends Error {
  constructor(signal: string) {
    super(`interrupted by ${signal}`);
  }
}

/**
 * A signal that aborts with {@link Interrupted} at the first Ctrl-C, so that the command can stop
 * what it started. At the second one everything is killed and the process ends at once.
 */
export function interruptSignal(say: (text: string) => void): AbortSignal {
  const controller = new AbortController();
  let first = 0;
  const interrupt = (name: NodeJS.Signals) => {
    if (controller.signal.aborted && Date.now() - first < SAME_CTRL_C_MS) return;
    if (controller.signal.aborted) {
      killAll();
      process.exit(INTERRUPTED);
    }
    say("Stopping; press Ctrl-C again to stop at once.");
    first = Date.now();
    controller.abort(new Interrupted(name));
  };
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, interrupt);
  watchParent(() => interrupt("SIGHUP"));
  return controller.signal;
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
