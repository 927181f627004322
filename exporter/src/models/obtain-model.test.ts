import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generatedModel } from "../engine/llama/testing/generated-model.ts";
import { obtainChatModel } from "./obtain-model.ts";
import { startModelServer, type ModelServer } from "./testing/model-server.ts";

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
