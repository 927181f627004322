import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { signalGroup, spawnTied } from "@headroom/loadtest/run/tied-process";
import { packageCommand, ROOT } from "../places.ts";
import { GRACE_MS } from "./process.ts";

const KEPT_CHARACTERS = 20_000;
const SHOWN_LINES = 20;

/** How long an interrupted command that is shown may take to end what it started itself. */
const SHOWN_GRACE_MS = 15_000;

/** How a command is run. */
export interface RunOptions {
  /** The checkout when absent. */
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/**
 * Runs a command to its end without standard input and without showing its output.
 *
 * @throws Error with the command's last lines when it fails, or the signal's reason when it ends it
 */
export async function runQuietly(
  command: string,
  args: readonly string[],
  { signal, cwd = ROOT, ...rest }: RunOptions,
): Promise<void> {
  signal.throwIfAborted();
  const child = spawnTied(command, args, { cwd, ...rest, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output = (output + text).slice(-KEPT_CHARACTERS);
    });
  }
  const [code, by] = await endOf(child, command, signal, GRACE_MS);
  if (code === 0) return;
  const how = code === null ? String(by) : `exit code ${code}`;
  const lines = output.trimEnd().split("\n").slice(-SHOWN_LINES).join("\n");
  throw new Error(`${command} ${args[0] ?? ""} ended with ${how}:\n${lines}`);
}

/**
 * Runs a command to its end with its output on this process' own, without standard input.
 *
 * @returns its exit code; 1 when a signal ended it
 * @throws Error when it cannot start, or the signal's reason when that ended it
 */
export async function runVisibly(
  command: string,
  args: readonly string[],
  { signal, cwd = ROOT, ...rest }: RunOptions,
): Promise<number> {
  signal.throwIfAborted();
  const child = spawnTied(command, args, { cwd, ...rest, stdio: ["ignore", "inherit", "inherit"] });
  const [code] = await endOf(child, command, signal, SHOWN_GRACE_MS);
  return code ?? 1;
}

/**
 * Runs the command of an installed package visibly with this Node.
 *
 * @param name - the package, or package and command when the names differ
 * @returns its exit code
 */
export function runPackage(
  name: string | readonly [package_: string, command: string],
  args: readonly string[],
  options: RunOptions & { readonly nodeArguments?: readonly string[] },
): Promise<number> {
  const { nodeArguments = [], ...rest } = options;
  const file = typeof name === "string" ? packageCommand(name) : packageCommand(...name);
  return runVisibly(process.execPath, [...nodeArguments, file, ...args], rest);
}

/** Waits for the end of a command, which comes early when the signal aborts. */
async function endOf(
  child: ChildProcess,
  command: string,
  signal: AbortSignal,
  graceMs: number,
): Promise<[code: number | null, by: NodeJS.Signals | null]> {
  let kill: NodeJS.Timeout | undefined;
  const stop = () => {
    signalGroup(child, "SIGTERM");
    kill = setTimeout(() => signalGroup(child, "SIGKILL"), graceMs);
  };
  signal.addEventListener("abort", stop);
  try {
    const end = await once(child, "close");
    signal.throwIfAborted();
    return end as [number | null, NodeJS.Signals | null];
  } catch (error) {
    signal.throwIfAborted();
    throw new Error(`${command} cannot start: ${(error as Error).message}`);
  } finally {
    clearTimeout(kill);
    signal.removeEventListener("abort", stop);
  }
}
