import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "@headroom/alerts/testing/free-port";

/** A built program of another workspace, of which only the program is used. */
export interface RunningProgram {
  /** `host:port`. */
  readonly address: string;
  readonly stop: () => Promise<void>;
}

/** An exporter with the simulated engine, before a model server, that is asked something all the time. */
export interface BusyExporter extends RunningProgram {
  /** Of the model server, `host:port`. */
  readonly upstream: string;
  /** Why a request was not answered, for each that was not. */
  readonly refused: readonly string[];
}

/** Every status scenario, so that each lane has a value. */
const SCENARIOS = [
  ...["quick-status", "detailed-analysis", "process-information", "memory-status"],
  ...["disk-analysis", "network-status", "overall-health", "urgent-check"],
];

const PAUSE_MS = 300;

/**
 * Starts the built exporter and keeps asking it: sentiment with each method, new messages and old
 * ones, each status scenario, and streamed texts.
 *
 * @throws Error when it was not built, or ends before it listens, with what it said
 */
export async function startBusyExporter(): Promise<BusyExporter> {
  const upstream = await startModelServer();
  const { address, stop } = await startProgram("exporter", {
    HEADROOM_SIMULATE: "true",
    HEADROOM_UPSTREAM_URL: `http://${upstream.address}`,
    HEADROOM_PORT: "0",
    // Answers are forgotten soon, so that the chat model is asked again.
    HEADROOM_CACHE_TTL_SECONDS: "1",
  });
  const asking = new AbortController();
  const refused: string[] = [];
  const traffic = keepAsking(`http://${address}`, asking.signal, refused);
  return {
    address,
    upstream: upstream.address,
    refused,
    async stop() {
      asking.abort();
      await traffic;
      await stop();
      await upstream.stop();
    },
  };
}

/**
 * Starts the built incidents process, whose metrics the dashboards of operations show too, on an empty
 * folder.
 *
 * @throws Error when it was not built, or ends before it listens, with what it said
 */
export async function startQuietIncidents(): Promise<RunningProgram> {
  const folder = await mkdtemp(join(tmpdir(), "headroom-incidents-"));
  const { address, stop } = await startProgram("incidents", {
    HEADROOM_INCIDENTS_PORT: "0",
    HEADROOM_INCIDENTS_FOLDER: folder,
  });
  return {
    address,
    async stop() {
      await stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** The model server of the drills, whose answers are made up, on a free port. */
async function startModelServer(): Promise<RunningProgram> {
  const program = join(import.meta.dirname, "..", "..", "..", "stack", "drill", "model-server.mjs");
  const port = await freePort();
  const child = spawn(process.execPath, [program, String(port)], { stdio: "ignore" });
  const ended = once(child, "exit");
  const address = `127.0.0.1:${port}`;
  while (!(await fetch(`http://${address}/v1/models`).catch(() => undefined))) {
    if (child.exitCode !== null) throw new Error(`${program} ended before it listened`);
    await sleep(50);
  }
  return {
    address,
    async stop() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

async function startProgram(
  workspace: string,
  env: Readonly<Record<string, string>>,
): Promise<RunningProgram> {
  const main = join(import.meta.dirname, "..", "..", "..", workspace, "dist", "main.js");
  if (!existsSync(main)) throw new Error(`${main} must be built first: npm run build`);
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env["PATH"], ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "exit");
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
  };
  try {
    return { address: new URL(await listeningUrl(child.stdout, child.stderr)).host, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function keepAsking(url: string, signal: AbortSignal, refused: string[]): Promise<void> {
  for (let round = 0; !signal.aborted; round++) {
    // In a few seconds enough for a mean that is believed: see EVIDENCE in alerts/rules/evidence.ts.
    const messages = [
      ...["a bad meal and rude service", "ok"],
      ...Array.from({ length: 18 }, (_, i) => `film number ${i} of ${round} is good but long`),
    ];
    for (const attribution of ["none", "prefix", "occlusion"]) {
      await post(`${url}/v1/sentiment`, { messages, attribution }, refused);
    }
    for (const scenario of SCENARIOS) {
      await post(`${url}/v1/status/${scenario}`, { language: "en" }, refused);
    }
    const chat = { messages: [{ role: "user", content: "Say something." }], max_tokens: 8 };
    const streamed = { stream: true, stream_options: { include_usage: true } };
    for (let i = 0; i < 3; i++) {
      await post(
        `${url}/v1/chat/completions`,
        { model: "simulated", ...chat, ...streamed },
        refused,
      );
    }
    await sleep(PAUSE_MS);
  }
}

async function post(url: string, request: object, refused: string[]): Promise<void> {
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify(request);
  try {
    const answer = await fetch(url, { method: "POST", headers, body });
    const text = await answer.text();
    if (!answer.ok) refused.push(`${url}: ${text}`);
  } catch (error) {
    refused.push(`${url}: ${(error as Error).message}`);
  }
}

async function listeningUrl(
  stdout: NodeJS.ReadableStream,
  stderr: NodeJS.ReadableStream,
): Promise<string> {
  let said = "";
  stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  for await (const line of createInterface({ input: stdout })) {
    const entry = JSON.parse(line) as { msg?: string; url?: string };
    if (entry.msg === "listening" && entry.url) {
      stdout.resume();
      return entry.url;
    }
    said += `${line}\n`;
  }
  throw new Error(`it ended before it listened:\n${said}`);
}
