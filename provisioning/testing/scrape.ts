import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { STATUS_TARGET_SECONDS } from "@headroom/alerts/limits";

/** What one scrape showed: the values of each label of each series name. */
export type Exposed = ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>;

/** A scrape of the real exporter and the real incidents process, as text and taken apart. */
export interface Scrape {
  readonly text: string;
  /** Of the exporter alone, which has every kind of work. */
  readonly exporter: string;
  readonly exposed: Exposed;
}

const main = (program: string) =>
  fileURLToPath(new URL(`../../${program}/src/main.ts`, import.meta.url));

/**
 * Starts the exporter with the simulated engine on a free port, asks it once with each attribution
 * method and once for each status scenario, and another exporter before it, as before a model server, for
 * chat. Both are scraped and stopped; the same with the incidents process, which is told of an alert.
 *
 * @throws Error when one ends before it listens, with what it said
 */
export async function scrapeAll(): Promise<Scrape> {
  let gateway = "";
  const exporter = await scrape("exporter", {}, async (url) => {
    for (const attribution of ["none", "prefix", "occlusion"]) {
      await post(url, "/v1/sentiment", { messages: ["a good film", "a bad meal"], attribution });
    }
    for (const scenario of Object.keys(STATUS_TARGET_SECONDS)) {
      await post(url, `/v1/status/${scenario}`, { language: "en" });
    }
    await chat(url);
    gateway = await scrape("exporter", { HEADROOM_UPSTREAM_URL: url }, chat);
  });
  const folder = await mkdtemp(join(tmpdir(), "headroom-scrape-"));
  const incidents = await scrape("incidents", { HEADROOM_INCIDENTS_FOLDER: folder }, alert);
  await rm(folder, { recursive: true });
  const text = exporter + gateway + incidents;
  return { text, exporter, exposed: readExposition(text) };
}

/** Has an incident opened. */
async function alert(url: string): Promise<void> {
  const labels = {
    alertname: "HeadroomMemoryHigh",
    severity: "warning",
    instance: "exporter:9700",
  };
  const [fingerprint, startsAt] = ["5f0b2a77c1d4e9a3", new Date().toISOString()];
  const own = { status: "firing", labels, annotations: {}, startsAt, fingerprint };
  await post(url, "/v1/alerts", { version: "4", alerts: [own] });
}

/** Has an answer streamed. */
async function chat(url: string): Promise<void> {
  const { data } = (await (await fetch(`${url}/v1/models`)).json()) as { data: { id: string }[] };
  const messages = [{ role: "user", content: "Say something." }];
  const more = { stream: true, stream_options: { include_usage: true } };
  await post(url, "/v1/chat/completions", { model: data[0]?.id, messages, ...more });
}

async function scrape(
  program: "exporter" | "incidents",
  settings: Readonly<Record<string, string>>,
  use: (url: string) => Promise<void>,
): Promise<string> {
  const args = program === "exporter" ? ["--simulate"] : [];
  const ports = { HEADROOM_PORT: "0", HEADROOM_INCIDENTS_PORT: "0" };
  const child = spawn(process.execPath, [main(program), ...args], {
    env: { PATH: process.env["PATH"], ...ports, ...settings },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "exit");
  try {
    const url = await listeningUrl(child.stdout, child.stderr);
    await use(url);
    return await (await fetch(`${url}/metrics`)).text();
  } finally {
    child.kill("SIGTERM");
    await ended;
  }
}

async function post(url: string, path: string, request: object): Promise<void> {
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify(request);
  const answer = await fetch(`${url}${path}`, { method: "POST", headers, body });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`a request was refused at ${path}: ${text}`);
}

/** Series names, labels and label values of the Prometheus text format. */
export function readExposition(text: string): Exposed {
  const exposed = new Map<string, Map<string, Set<string>>>();
  for (const line of text.split("\n")) {
    const [, name, labels = ""] = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})? \S+$/.exec(line) ?? [];
    if (!name) continue;
    const known = exposed.get(name) ?? new Map<string, Set<string>>();
    exposed.set(name, known);
    for (const [, label = "", value = ""] of labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)) {
      known.set(label, (known.get(label) ?? new Set()).add(value));
    }
  }
  return exposed;
}

async function listeningUrl(
  stdout: NodeJS.ReadableStream,
  stderr: NodeJS.ReadableStream,
): Promise<string> {
  let complaint = "";
  stderr.on("data", (chunk: Buffer) => (complaint += chunk.toString()));
  for await (const line of createInterface({ input: stdout })) {
    const entry = JSON.parse(line) as { msg?: string; url?: string };
    if (entry.msg === "listening" && entry.url) {
      stdout.resume();
      return entry.url;
    }
    complaint += `${line}\n`;
  }
  throw new Error(`a program ended before it listened:\n${complaint}`);
}
