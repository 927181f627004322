import { type ChildProcess, spawn, type SpawnOptions } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Every process that runs now and was started here. */
const running = new Set<ChildProcess>();

let watching = false;

/**
 * Becomes the program and leaves a guard beside it in its process group: a shell that waits for a
 * pipe to close, and then ends the whole group. The other end of the pipe is ours, so it closes
 * whatever ends us, `kill -9` too, on Linux as on macOS. A stop that is asked for does not end the
 * guard, and as long as it lives no other group gets the number of this one.
 */
const GUARDED = [
  `(trap '' HUP INT TERM; exec /bin/sh -c 'read -r _; kill -KILL 0' guard) <&3 >/dev/null 2>&1 &`,
  `exec "$@" 3<&-`,
].join("\n");
const PIPE = 3;

/** What is left of the options of a program that is tied to this process. */
type TiedOptions = Omit<SpawnOptions, "detached" | "shell" | "stdio"> & {
  readonly stdio: readonly ["ignore", Output, Output];
};
type Output = "inherit" | "pipe" | number;

/**
 * Starts a program that cannot outlive this process, nor leave behind what it started itself: when
 * either ends, for whatever reason, so does the program's process group. It leads that group, so
 * Ctrl-C on the terminal reaches this process alone, which then stops its programs in order.
 *
 * @throws Error when there is no such program
 */
export function spawnTied(
  command: string,
  args: readonly string[],
  options: TiedOptions,
): ChildProcess {
  requireProgram(command, options.env ?? process.env);
  const child = spawn("/bin/sh", ["-c", GUARDED, command, command, ...args], {
    ...options,
    stdio: [...options.stdio, "pipe"],
    detached: true,
  });
  if (!watching) process.once("exit", killTied);
  watching = true;
  running.add(child);
  const over = () => {
    running.delete(child);
    child.stdio[PIPE]?.destroy();
  };
  child.once("exit", over).once("error", over);
  // It is never written to; an end that breaks is the end that is waited for.
  child.stdio[PIPE]?.on("error", over);
  return child;
}

/** Sends a signal to a program and to what it started. */
export function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It ended between the look and the signal.
  }
}

/** Ends every program at once, without asking. For the second Ctrl-C and the end of the process. */
export function killTied(): void {
  for (const child of running) signalGroup(child, "SIGKILL");
}

/** The shell would start in any case, and say this too late. */
function requireProgram(command: string, env: NodeJS.ProcessEnv): void {
  const folders = command.includes("/") ? [""] : (env["PATH"] ?? "").split(delimiter);
  const reasons = folders.map((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  });
  if (reasons.includes(undefined)) return;
  const reason = command.includes("/") ? reasons[0] : "ENOENT: no folder of the PATH has it";
  throw new Error(`${command} cannot start: ${reason}`);
}
