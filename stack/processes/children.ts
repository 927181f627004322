import type { ChildProcess } from "node:child_process";

/** Every child that runs now, so that none outlives this process. */
const running = new Set<ChildProcess>();

let watching = false;

/**
 * Remembers a child until it ends. When this process ends first, whatever the reason, the child is
 * killed; an orderly stop comes before that.
 */
export function track(child: ChildProcess): void {
  if (!watching) process.once("exit", killAll);
  watching = true;
  if (child.pid === undefined) return;
  running.add(child);
  child.once("exit", () => running.delete(child));
}

/** Ends every child at once, without asking. For the second Ctrl-C and for the end of the process. */
export function killAll(): void {
  for (const child of running) signalGroup(child, "SIGKILL");
}

/**
 * Sends a signal to a child and to what it started itself: each child leads a process group, so
 * that Ctrl-C on the terminal reaches this process alone, which then stops the children in order.
 */
export function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It ended between the look and the signal.
  }
}
