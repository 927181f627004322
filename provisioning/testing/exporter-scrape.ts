import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

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
 * method, scrapes it and stops it.
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
      const body = JSON.stringify({ messages: ["a good film", "a bad meal"], attribution });
      const headers = { "content-type": "application/json" };
      const answer = await fetch(`${url}/v1/sentiment`, { method: "POST", headers, body });
      if (!answer.ok) throw new Error(`the exporter refused a request: ${await answer.text()}`);
      await answer.arrayBuffer();
    }
    const text = await (await fetch(`${url}/metrics`)).text();
    return { text, exposed: readExposition(text) };
  } finally {
    exporter.kill("SIGTERM");
    await ended;
  }
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
