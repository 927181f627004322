import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { generatedModel } from "../testing/generated-model.ts";
import { deviceMemoryOf, firstThatFits, layerAttempts, loadChat } from "./load-chat.ts";

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
    warmUp: { system: "", examples: [], ask: "" },
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

  it("calls one that was cut off damaged, and not a model of another kind", async () => {
    const whole = generatedModel({ "tokenizer.chat_template": "{{ messages }}" });
    for (const bytes of [100, 2_000, 6_000]) {
      await writeFile(file, whole.subarray(0, bytes));
      await expect(load()).rejects.toThrow(/own\.gguf is damaged: it ends/);
    }
  });

  it("refuses an embedding model that has a chat template", async () => {
    const embedding = {
      "tokenizer.chat_template": "{{ messages }}",
      "llama.pooling_type": { u32: 3 },
    };
    await writeFile(file, generatedModel(embedding));
    await expect(load()).rejects.toThrow(/own\.gguf is an encoder or embedding model/);
  });

  it("refuses a model without a chat template", async () => {
    await writeFile(file, generatedModel());
    await expect(load()).rejects.toThrow(/own\.gguf is not a chat model/);
  });
});

describe("layers on a graphics processor", () => {
  const sizes = { contextSize: 1_000, sequences: 2 };

  it("are tried as planned, then as many as fit beside the context, then none", () => {
    const fitContext = { contextSize: 2_000 };
    expect(layerAttempts({ gpuLayers: -1, ...sizes })).toEqual(["max", { min: 0, fitContext }, 0]);
    expect(layerAttempts({ gpuLayers: 7, ...sizes })).toEqual([
      ...[7, { min: 0, max: 7, fitContext }, 0],
    ]);
    expect(layerAttempts({ gpuLayers: 0, ...sizes })).toEqual([0]);
  });

  it("are fewer when a load fails, and the last failure is told", async () => {
    const said = jest.spyOn(console, "warn").mockImplementation(() => {});
    const tried: number[] = [];
    const open = (most: number) => async (layers: number) => {
      tried.push(layers);
      if (layers > most) throw new Error(`no memory for ${layers}`);
      return layers;
    };
    expect(await firstThatFits([30, 10, 0], open(10))).toBe(10);
    expect(tried).toEqual([30, 10]);
    expect(said.mock.calls).toEqual([[expect.stringContaining("no memory for 30")]]);
    await expect(firstThatFits([30, 10, 0], open(-1))).rejects.toThrow("no memory for 0");
    said.mockRestore();
  });
});

describe("the memory of a graphics processor", () => {
  const of = (gpu: "cuda" | "metal" | false, unifiedSize: number, used = 3e9) =>
    deviceMemoryOf({
      gpu,
      getVramState: async () => ({ total: 8e9, used, free: 8e9 - used, unifiedSize }),
    });

  it("is its own on a card", async () => {
    expect(await of("cuda", 0)).toEqual({ usedBytes: 3e9, capacityBytes: 8e9 });
  });

  it("is the machine's where both share it, as on a Mac", async () => {
    expect(await of("metal", 8e9)).toBeUndefined();
    expect(await of("cuda", 6e9, 1e9)).toEqual({ usedBytes: 1e9, capacityBytes: 2e9 });
  });

  it("is none where the processor does the work", async () => {
    expect(await of(false, 0)).toBeUndefined();
  });
});
