import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { mkdtemp, readFile, rename, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { loadConfig } from "./config.ts";
import { overflowingModel } from "./engine/llama/testing/generated-model.ts";
import { startExporter, type Exporter } from "./exporter.ts";
import { childrenOf } from "./testing/children-of.ts";

let folder: string;
let file: string;
let exporter: Exporter | undefined;
const lines: string[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "headroom-model-"));
  file = join(folder, "own.gguf");
});
afterEach(async () => {
  await exporter?.stop();
  exporter = undefined;
  await rm(folder, { recursive: true });
});

async function start(model: Uint8Array, env: Readonly<Record<string, string>> = {}): Promise<void> {
  await writeFile(file, model);
  const config = loadConfig({
    ...{ HEADROOM_PORT: "0", HEADROOM_CHAT_MODEL: "none", HEADROOM_MODEL: file },
    ...{
      HEADROOM_GPU: "off",
      HEADROOM_WORKERS: "1",
      HEADROOM_MODELS_FOLDER: join(folder, "models"),
    },
    ...env,
  });
  exporter = await startExporter(
    config,
    pino({ level: "warn" }, { write: (line: string) => void lines.push(line) }),
  );
}

async function ask(message: string) {
  const response = await fetch(`${exporter!.url}/v1/sentiment`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ messages: [message], attribution: "none" }),
  });
  const body = (await response.json()) as {
    code?: string;
    results?: [{ score: number; cached: boolean }];
  };
  return { status: response.status, code: body.code, score: body.results?.[0].score };
}

describe("the file of the sentiment model", () => {
  it("changes no answer when it is cut off under it, and that is told", async () => {
    await start(await readFile(loadConfig({}).model));
    const ready = async () => (await (await fetch(`${exporter!.url}/readyz`)).json()) as object;
    const before = await ask("a great film");
    expect(before).toMatchObject({ status: 200, score: expect.any(Number) });
    await truncate(file);
    for (let i = 0; i < 2_400 && lines.length === 0; i++) await sleep(100);
    expect(await ready()).toMatchObject({
      ready: true,
      parts: { sentiment: expect.stringContaining(`${file} was changed since it was loaded`) },
    });
    expect(lines.join("")).toContain("the sentiment model's file is another one");
    expect(await ask("a great film")).toEqual(before);
    expect(await ask("a terrible film")).toMatchObject({ status: 200, score: expect.any(Number) });
  });
});

describe("a scorer that ends after its file was replaced", () => {
  it("is not started with the other file, and says why, until the first is back", async () => {
    const model = await readFile(loadConfig({}).model);
    await start(model);
    const [scorer] = await childrenOf(process.pid, "scoring-process.ts");
    await rename(file, `${file}.kept`);
    await writeFile(file, Buffer.concat([model, Buffer.alloc(8)]));
    process.kill(scorer!, "SIGKILL");
    const told = async () => (await (await fetch(`${exporter!.url}/readyz`)).json()) as object;
    for (let i = 0; i < 2_400 && !JSON.stringify(await told()).includes("put it back"); i++) {
      await sleep(100);
    }
    expect(await told()).toMatchObject({ state: "not_ready" });
    expect(await ask("a great film")).toMatchObject({ status: 503, code: "model_unavailable" });
    await rename(`${file}.kept`, file);
    for (let i = 0; i < 2_400 && (await ask("a great film")).status !== 200; i++) await sleep(100);
    expect(await ask("another great film")).toMatchObject({ status: 200 });
  });
});

describe("a message of which the model has no score", () => {
  it("is an error each time it is asked, and others are answered", async () => {
    await start(overflowingModel(), {
      HEADROOM_MODEL_TEMPLATE: "the {text}",
      HEADROOM_MODEL_POSITIVE: "good",
      HEADROOM_MODEL_NEGATIVE: "bad",
    });
    expect(await ask("great")).toMatchObject({ status: 200, score: expect.any(Number) });
    for (let i = 0; i < 2; i++) {
      expect(await ask("iraq")).toEqual({ status: 500, code: "model_failed", score: undefined });
    }
    const metrics = await (await fetch(`${exporter!.url}/metrics`)).text();
    expect(metrics).toMatch(/^sentiment_messages_total\{[^}]*source="cache"[^}]*\} 0$/m);
  });
});
