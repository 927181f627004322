import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { generatedModel } from "../engine/llama/testing/generated-model.ts";
import { obtainChatModel } from "./obtain-model.ts";
import { startModelServer, type ModelServer } from "./testing/model-server.ts";

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));

interface Line {
  readonly level: string;
  readonly text: string;
  readonly [field: string]: unknown;
}

let server: ModelServer;
let modelsFolder: string;
let lines: Line[];
beforeEach(async () => {
  server = await startModelServer({ content: generatedModel() });
  modelsFolder = await mkdtemp(join(tmpdir(), "headroom-obtain-"));
  lines = [];
});
afterEach(async () => {
  await server.close();
  await rm(modelsFolder, { recursive: true });
});

const obtain = (chatModel: string, signal = new AbortController().signal) =>
  obtainChatModel(
    { chatModel, chatLanguages: undefined, modelsFolder },
    {
      logger: {
        info: (fields, text) => lines.push({ level: "info", text, ...fields }),
        warn: (fields, text) => lines.push({ level: "warn", text, ...fields }),
      },
      signal,
      hub: server.url,
    },
  );

describe("obtaining the chat model", () => {
  it("takes one that is here without a word and without the network", async () => {
    const path = join(modelsFolder, "own.gguf");
    await writeFile(path, generatedModel());
    expect(await obtain(path)).toMatchObject({ state: "found", path });
    expect(lines).toEqual([]);
    expect(server.requests).toEqual([]);
  });

  it("fetches one that is not here and says so", async () => {
    const path = join(modelsFolder, "user_repo_file.gguf");
    expect(await obtain("hf:user/repo/file.gguf")).toMatchObject({ state: "found", path });
    expect(lines).toMatchObject([
      { level: "info", text: "fetching the chat model", model: "hf:user/repo/file.gguf" },
      { level: "info", text: "the chat model is here", path, from: "hub" },
    ]);
  });

  it("tells why there is none when it cannot be fetched, once, and does not throw", async () => {
    server.behave({ content: Buffer.alloc(0), status: 404 });
    const model = await obtain("auto");
    expect(model).toMatchObject({ state: "missing", why: "not fetched" });
    expect(model).toHaveProperty("text", expect.stringContaining("npm run model -- get"));
    expect(lines.map(({ level }) => level)).toEqual(["info", "warn"]);
  });

  it("uses none, and looks nowhere, when none is wanted or a path leads nowhere", async () => {
    expect(await obtain("none")).toMatchObject({ state: "missing", why: "by choice" });
    expect(await obtain(join(modelsFolder, "absent.gguf"))).toMatchObject({ why: "not here" });
    expect(lines).toEqual([]);
    expect(server.requests).toEqual([]);
  });

  it("stops when the exporter does, without a warning", async () => {
    server.behave({ content: Buffer.alloc(12 << 20, "GGUF"), pieceMs: 20 });
    const stop = new AbortController();
    const obtaining = obtain("hf:user/repo/file.gguf", stop.signal);
    while (server.requests.length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
    stop.abort();
    expect(await obtaining).toMatchObject({
      state: "missing",
      why: "not fetched",
      text: expect.stringContaining("was stopped"),
    });
    expect(lines.map(({ level }) => level)).toEqual(["info"]);
    expect(await readdir(modelsFolder)).not.toContain("user_repo_file.gguf");
  });
});

describe("exporter --fetch-model", () => {
  const run = (chatModel: string) =>
    promisify(execFile)(process.execPath, [MAIN, "--fetch-model"], {
      env: {
        ...process.env,
        HF_ENDPOINT: server.url,
        HEADROOM_CHAT_MODEL: chatModel,
        HEADROOM_MODELS_FOLDER: modelsFolder,
      },
    });

  it("fetches the model, ends, and the next time finds the file changed and fetches it again", async () => {
    const path = join(modelsFolder, "user_repo_file.gguf");
    expect((await run("hf:user/repo/file.gguf")).stdout).toContain('"from":"hub"');
    expect((await run("hf:user/repo/file.gguf")).stdout).toContain('"from":"folder"');
    await writeFile(path, Buffer.concat([generatedModel(), Buffer.alloc(1)]));
    expect((await run("hf:user/repo/file.gguf")).stdout).toContain('"from":"hub"');
    expect(await readFile(path)).toEqual(Buffer.from(generatedModel()));
  });

  it("fails with why when it cannot be had, and has nothing to do without one", async () => {
    server.behave({ content: Buffer.alloc(0), status: 404 });
    await expect(run("hf:user/repo/file.gguf")).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining("could not be fetched"),
    });
    expect((await run("none")).stdout).toBe("");
  });
});
