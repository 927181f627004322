import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { STATUS_TARGET_SECONDS } from "../../alerts/limits.ts";

/** What one scrape of an exporter showed: the values of each label of each series name. */
export type Exposed = ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>;

/** A scrape of a real exporter, as text and taken apart. */
export interface Scrape {
  readonly text: string;
  readonly exposed: Exposed;
}

const MAIN = fileURLToPath(new URL("../../exporter/src/main.ts", import.meta.url));

/**
 * Starts the exporter with the simulated engine on a free port, asks it once with each attribution
 * method and once for each status analysis, scrapes it and stops it.
 *
 * @throws Error when it ends before it listens, with what it said
 */
export async function scrapeExporter(): Promise<Scrape> {
  const exporter = spawn(process.execPath, ["--import", "tsx", MAIN, "--simulate"], {
    env: { PATH: process.env["PATH"], HEADROOM_PORT: "0" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(exporter, "exit");
  try {
    const url = await listeningUrl(exporter.stdout, exporter.stderr);
    for (const attribution of ["none", "prefix", "occlusion"]) {
      await post(url, "/v1/sentiment", { messages: ["a good film", "a bad meal"], attribution });
    }
    for (const scenario of Object.keys(STATUS_TARGET_SECONDS)) {
      await post(url, `/v1/status/${scenario}`, { language: "en" });
    }
    const text = await (await fetch(`${url}/metrics`)).text();
    return { text, exposed: readExposition(text) };
  } finally {
    exporter.kill("SIGTERM");
    await ended;
  }
}

async function post(url: string, path: string, question: object): Promise<void> {
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify(question);
  const answer = await fetch(`${url}${path}`, { method: "POST", headers, body });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`the exporter refused a request to ${path}: ${text}`);
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
  throw new Error(`the exporter ended before it listened:\n${complaint}`);
}
