import { once } from "node:events";
import { closeSync, mkdirSync, openAsBlob, openSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { signalGroup, spawnTied } from "@headroom/loadtest/run/tied-process";
import type { Probe } from "./probes.ts";

/** A long-running program that was started here. */
export interface ServiceProcess {
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

/** What starting a process needs. */
export interface ProcessSettings {
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

const RETRY_MS = 100;

const TAIL_BYTES = 16_384;
const TAIL_LINES = 15;

/**
 * Starts a program without standard input; what it writes goes to its log file.
 *
 * @throws Error when the program cannot be started at all
 */
export async function startProcess(settings: ProcessSettings): Promise<ServiceProcess> {
  const { name, command, args, env, cwd, logFile, graceMs = GRACE_MS } = settings;
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, "a");
  const spawnLogged = async () => {
    const child = spawnTied(command, args, {
      stdio: ["ignore", log, log],
      ...(env && { env }),
      ...(cwd !== undefined && { cwd }),
    });
    await once(child, "spawn");
    return child;
  };
  const child = await spawnLogged()
    .catch((error: Error) => {
      throw new Error(`${name} cannot start: ${error.message}`);
    })
    .finally(() => closeSync(log));
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
      await Promise.race([ended, sleep(grace + DEATH_MS, undefined, { ref: false })]);
      clearTimeout(kill);
    },
  };
}

/**
 * Waits until a service can be used.
 *
 * @throws Error with the end of its log when it ends or when the time limit passes first, or the
 * signal's reason when that ends the wait
 */
export async function waitUntilReady(
  service: ServiceProcess,
  probe: Probe,
  options: { readonly limitSeconds: number; readonly signal: AbortSignal },
): Promise<void> {
  const { limitSeconds, signal } = options;
  const deadline = Date.now() + limitSeconds * 1000;
  for (;;) {
    signal.throwIfAborted();
    // Asked before the probe as well as after: another program may answer on the same port.
    if (!service.isRunning()) throw await endedError(service);
    const ready = await probe().catch(() => false);
    if (!service.isRunning()) throw await endedError(service);
    if (ready) return;
    if (Date.now() > deadline) {
      throw await withLog(`${service.name} was not ready after ${limitSeconds} s`, service.logFile);
    }
    await sleep(RETRY_MS, undefined, { signal }).catch(() => {});
  }
}

async function endedError({ name, ended, logFile }: ServiceProcess): Promise<Error> {
  return withLog(`${name} ended unexpectedly with ${await ended}`, logFile);
}

/** An error that shows the end of a log, which may be long. */
async function withLog(what: string, file: string): Promise<Error> {
  const log = await openAsBlob(file);
  const text = await log.slice(Math.max(0, log.size - TAIL_BYTES)).text();
  const lines = text.trimEnd().split("\n").slice(-TAIL_LINES);
  const end = lines.join("") === "" ? "  (nothing was written)" : `  ${lines.join("\n  ")}`;
  return new Error(`${what}. The end of ${file}:\n${end}`);
}
