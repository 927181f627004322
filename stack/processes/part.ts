import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, openSync, closeSync } from "node:fs";
import { dirname } from "node:path";
import { signalGroup, track } from "./children.ts";
import { lastLines } from "./log-tail.ts";

/** A long-running program that was started here. */
export interface Part {
  /** What people call it, for example "exporter". */
  readonly name: string;
  readonly pid: number;
  /** File with everything it writes. */
  readonly logFile: string;
  /** How it ended: "exit code 1" or "SIGTERM"; never rejects. */
  readonly ended: Promise<string>;
  isRunning(): boolean;
  /** Asks it to end, and kills it when it has not done so after the grace time. */
  stop(graceMs?: number): Promise<void>;
}

/** What starting a part needs. */
export interface PartSettings {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly logFile: string;
}

/** Time for an orderly end; more than the exporter takes to drain. */
export const GRACE_MS = 12_000;

/**
 * Starts a program without standard input; what it writes goes to its log file.
 *
 * @throws Error when the program cannot be started at all
 */
export async function startPart(settings: PartSettings): Promise<Part> {
  const { name, command, args, logFile, env, cwd } = settings;
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, "a");
  const child = spawn(command, args, {
    stdio: ["ignore", log, log],
    detached: true,
    ...(env && { env }),
    ...(cwd !== undefined && { cwd }),
  });
  closeSync(log);
  track(child);
  const ended = new Promise<string>((resolve) => {
    child.once("exit", (code, signal) =>
      resolve(code === null ? `${signal}` : `exit code ${code}`),
    );
  });
  try {
    await once(child, "spawn");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${name} cannot start: ${reason} (${command})`);
  }
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  return {
    name,
    pid: child.pid as number,
    logFile,
    ended,
    isRunning,
    stop: async (graceMs = GRACE_MS) => {
      signalGroup(child, "SIGTERM");
      const kill = setTimeout(() => signalGroup(child, "SIGKILL"), graceMs);
      if (isRunning()) await ended;
      clearTimeout(kill);
    },
  };
}

/** An error that says how a part ended and shows the end of its log. */
export async function endedError(part: Part): Promise<Error> {
  const how = await part.ended;
  return new Error(
    `${part.name} ended unexpectedly with ${how}. The end of ${part.logFile}:\n${lastLines(part.logFile)}`,
  );
}
