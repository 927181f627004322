import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { signalGroup, spawnTied } from "@headroom/loadtest/run/tied-process";
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
  /** Time for an orderly end, in milliseconds; {@link GRACE_MS} when absent. */
  readonly graceMs?: number;
}

/** Time for an orderly end. */
export const GRACE_MS = 5_000;

/** A process that waits for a disk ends only when the disk answers, whatever it is sent. */
const DEATH_MS = 1_000;

/**
 * Starts a program without standard input; what it writes goes to its log file.
 *
 * @throws Error when the program cannot be started at all
 */
export async function startPart(settings: PartSettings): Promise<Part> {
  const { name, logFile, graceMs = GRACE_MS } = settings;
  mkdirSync(dirname(logFile), { recursive: true });
  const child = await spawnLogged(settings).catch((error: Error) => {
    throw new Error(`${name} cannot start: ${error.message}`);
  });
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  const ended = new Promise<string>((resolve) => {
    const tell = () => resolve(child.signalCode ?? `exit code ${child.exitCode}`);
    if (isRunning()) child.once("exit", tell);
    else tell();
  });
  return {
    name,
    pid: child.pid as number,
    logFile,
    ended,
    isRunning,
    stop: async (grace = graceMs) => {
      signalGroup(child, grace > 0 ? "SIGTERM" : "SIGKILL");
      const kill = setTimeout(() => signalGroup(child, "SIGKILL"), grace);
      if (isRunning())
        await Promise.race([ended, sleep(grace + DEATH_MS, undefined, { ref: false })]);
      clearTimeout(kill);
    },
  };
}

async function spawnLogged(settings: PartSettings): Promise<ChildProcess> {
  const { command, args, logFile, env, cwd } = settings;
  const log = openSync(logFile, "a");
  try {
    const child = spawnTied(command, args, {
      stdio: ["ignore", log, log],
      ...(env && { env }),
      ...(cwd !== undefined && { cwd }),
    });
    await once(child, "spawn");
    return child;
  } finally {
    closeSync(log);
  }
}

/** An error that says how a part ended and shows the end of its log. */
export async function endedError(part: Part): Promise<Error> {
  const how = await part.ended;
  return new Error(
    `${part.name} ended unexpectedly with ${how}. The end of ${part.logFile}:\n${lastLines(part.logFile)}`,
  );
}
