import { mkdir, readFile, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { Measurements } from "./measurements.ts";
import type { Identity } from "./snapshot.ts";

/** What every saved run holds: of what, on what, and when. */
export interface BaselineOf {
  readonly profile: string;
  readonly model: string;
  readonly simulated: boolean;
  readonly machine: Machine;
  /** When it was measured, ISO 8601. */
  readonly measuredAt: string;
}

/** The figures of a run that later runs on the same machine are compared with. */
export interface Baseline extends BaselineOf {
  readonly messagesPerSecond: number;
  readonly p95Seconds: number;
  readonly processMemoryBytes?: number;
}

/** What a run gained over a saved one; every ratio above 1 is better now. */
export interface Gain {
  /** What it is compared with, in words. */
  readonly over: string;
  readonly throughput: number;
  /** Only where the requests are alike: the same profile, or what it adds something to. */
  readonly latency?: number;
  readonly memory?: number;
  /** Of the time per output token, where `latency` is that of the first token. */
  readonly perOutputToken?: number;
}

/** The saved run that every profile is compared with besides its own. */
const REFERENCE_PROFILE = "baseline";

/** Profiles that send the messages of another one with status requests beside them. */
const WITHOUT_STATUS: Readonly<Record<string, string>> = { mixed: "throughput" };

const slug = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");

/** The file of a profile's baseline for one model on one kind of machine. */
export function baselineFile(
  folder: string,
  profile: string,
  exporter: Pick<Identity, "model" | "simulated">,
  machine: Pick<Machine, "cpu" | "cores" | "memoryBytes">,
): string {
  const model = `${exporter.simulated ? "simulated-" : ""}${slug(exporter.model)}`;
  const gigabytes = Math.round(machine.memoryBytes / 1e9);
  return path.join(
    folder,
    `${profile}--${model}--${slug(machine.cpu)}-${machine.cores}-cores-${gigabytes}-gb.json`,
  );
}

/** What a run would save; undefined without answered messages, as only their figures are compared. */
export function baselineOf(
  profile: string,
  exporter: Identity,
  machine: Machine,
  measuredAt: string,
  m: Measurements,
): Baseline | undefined {
  if (!m.sentiment?.messages.answered) return undefined;
  const memory = m.memory.peakBytes.process;
  return {
    profile,
    model: exporter.model,
    simulated: exporter.simulated,
    machine,
    measuredAt,
    messagesPerSecond: m.saturation?.messagesPerSecond ?? m.sentiment.messagesPerSecond,
    p95Seconds: m.sentiment.latency.p95,
    ...(memory !== undefined && { processMemoryBytes: memory }),
  };
}

/** The gain of `now` over `saved`. */
function gainOver(saved: Baseline, now: Baseline): Gain {
  const day = saved.measuredAt.slice(0, 10);
  const throughput = now.messagesPerSecond / saved.messagesPerSecond;
  const latency = saved.p95Seconds / now.p95Seconds;
  if (saved.profile === WITHOUT_STATUS[now.profile]) {
    return { over: `${saved.profile} of ${day} (no status requests)`, throughput, latency };
  }
  if (saved.profile !== now.profile) {
    return { over: `${saved.profile} of ${day} (one message a request)`, throughput };
  }
  const { processMemoryBytes: before } = saved;
  const { processMemoryBytes: after } = now;
  return {
    over: `the saved run of ${day}`,
    throughput,
    latency,
    ...(before !== undefined && after !== undefined && { memory: before / after }),
  };
}

/** A saved baseline; undefined when none was saved. @throws Error when it cannot be read */
export const readBaseline = (file: string): Promise<Baseline | undefined> => readSaved(file);

/** The same of any kind of run. */
export async function readSaved<T extends BaselineOf>(file: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new Error(`the saved baseline ${file} cannot be read; delete it or save it again`, {
      cause: error,
    });
  }
}

/**
 * The gains over what was saved for this model and machine: the same profile, the same messages
 * without status requests, and the reference.
 */
export async function gainsOver(folder: string, now: Baseline): Promise<Gain[]> {
  const without = WITHOUT_STATUS[now.profile];
  const profiles = new Set([now.profile, ...(without ? [without] : []), REFERENCE_PROFILE]);
  const saved = await Promise.all(
    [...profiles].map((name) => readBaseline(baselineFile(folder, name, now, now.machine))),
  );
  return saved.filter((one) => one !== undefined).map((one) => gainOver(one, now));
}

/** Saves a run as the one to compare with, and says where. */
export async function saveBaseline<T extends BaselineOf>(folder: string, now: T): Promise<string> {
  const file = baselineFile(folder, now.profile, now, now.machine);
  await mkdir(folder, { recursive: true });
  await writeFile(file, `${JSON.stringify(now, null, 2)}\n`);
  return file;
}

/** The machine that a run was measured on. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly os: string;
  readonly node: string;
}

/** This machine. */
export function thisMachine(): Machine {
  const cpus = os.cpus();
  return {
    cpu: cpus[0]?.model.trim() || `${os.arch()} processor`,
    cores: os.availableParallelism(),
    memoryBytes: os.totalmem(),
    os: `${os.type()} ${os.arch()}`,
    node: process.version,
  };
}
