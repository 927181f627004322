import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { generatedModel } from "@headroom/exporter/engine/llama/testing/generated-model";
import { startModelServer, type ModelServer } from "@headroom/exporter/models/testing/model-server";
import { modelForProfile, obtainForRun } from "./models.ts";

const MODEL = "hf:user/repository/model.gguf";
const FILE = "user_repository_model.gguf";

let hub: ModelServer;
let modelsFolder: string;
let output: string;
const hubBefore = process.env["HF_ENDPOINT"];

beforeEach(async () => {
  hub = await startModelServer({ content: generatedModel() });
  process.env["HF_ENDPOINT"] = hub.url;
  modelsFolder = await mkdtemp(join(tmpdir(), "headroom-run-model-"));
  output = "";
});
afterEach(async () => {
  if (hubBefore === undefined) delete process.env["HF_ENDPOINT"];
  else process.env["HF_ENDPOINT"] = hubBefore;
  await hub.close();
  await rm(modelsFolder, { recursive: true });
});

const obtain = (wanted: string | undefined, env = {}, signal = new AbortController().signal) =>
  obtainForRun(wanted, {
    env: { HEADROOM_MODELS_FOLDER: modelsFolder, ...env },
    signal,
    stream: { write: (text: string) => (output += text) },
  });

describe("obtaining the chat model of a run", () => {
  it("fetches the one that is wanted, and is silent when it is here", async () => {
    await obtain(MODEL);
    expect(await readdir(modelsFolder)).toContain(FILE);
    expect(output).toMatch(/Fetched: .*user_repository_model\.gguf/);
    output = "";
    const asked = hub.requests.length;
    await obtain(undefined, { HEADROOM_CHAT_MODEL: MODEL });
    expect({ output, asked: hub.requests.length }).toEqual({ output: "", asked });
  });

  it("asks nobody when none is wanted or the engine is simulated", async () => {
    await obtain("none", { HEADROOM_CHAT_MODEL: MODEL });
    await obtain(MODEL, { HEADROOM_SIMULATE: "true" });
    expect({ output, requests: hub.requests }).toEqual({ output: "", requests: [] });
  });

  it("goes on with a note when it cannot be had", async () => {
    hub.behave({ content: Buffer.alloc(0), status: 404 });
    await obtain(MODEL);
    expect(output).toMatch(/Note: The chat model hf:.* could not be fetched.* findings alone/);
  });

  it("goes on with a note when the file that is named is not there or is no model", async () => {
    const path = join(modelsFolder, "text.gguf");
    await obtain(path);
    expect(output).toContain(`Note: There is no chat model at ${path}`);
    await writeFile(path, "this is a text and no model");
    await obtain(path);
    expect(output).toContain(`Note: ${path} is not a GGUF file`);
  });

  it("stops with the reason when it is interrupted", async () => {
    hub.behave({ content: Buffer.alloc(12 << 20, "GGUF"), pieceMs: 20 });
    const controller = new AbortController();
    const obtaining = obtain(MODEL, {}, controller.signal);
    while (hub.requests.length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
    controller.abort(new Error("Ctrl-C"));
    await expect(obtaining).rejects.toThrow("Ctrl-C");
    expect(await readdir(modelsFolder)).not.toContain(FILE);
  });
});

describe("modelForProfile", () => {
  it.each([
    ["throughput", "none"],
    ["smoke", "none"],
    ["status", undefined],
    ["mixed", undefined],
  ])("%s runs with %s", (name, model) => {
    expect(modelForProfile(name)).toBe(model);
  });
});
