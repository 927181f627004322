import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { generatedModel } from "../testing/generated-model.ts";
import { loadChat } from "./load-chat.ts";

let file: string;
beforeEach(async () => {
  file = join(await mkdtemp(join(tmpdir(), "headroom-chat-")), "own.gguf");
});
afterEach(() => rm(join(file, ".."), { recursive: true }));

const load = () =>
  loadChat({
    file,
    gpuLayers: 0,
    threads: 1,
    contextSize: 512,
    batchSize: 64,
    sequences: 1,
    mmap: true,
    mlock: false,
    ropeScale: 1,
    warmUp: { system: "", examples: [], ask: "", begin: "" },
  });

describe("loading a chat model", () => {
  it("refuses a file that is absent or no model, and names the setting of the chat model", async () => {
    const next = /HEADROOM_CHAT_MODEL.*npm run model/;
    await expect(load()).rejects.toThrow(/own\.gguf cannot be read\./);
    await expect(load()).rejects.toThrow(next);
    await writeFile(file, "this is a text and no model");
    await expect(load()).rejects.toThrow(/own\.gguf is not a GGUF file\./);
    await expect(load()).rejects.toThrow(next);
  });

  it("refuses a model without a chat template", async () => {
    await writeFile(file, generatedModel());
    await expect(load()).rejects.toThrow(/own\.gguf is not a chat model/);
  });
});
