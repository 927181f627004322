import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "../../config.ts";
import { readGguf, type GgufArray } from "./gguf-header.ts";
import { ggufProblem, modelBytes, readModelShape } from "./model-files.ts";
import { createLlamaScorer } from "./scorer.ts";
import { generatedModel, generatedTokens, splitModel } from "./testing/generated-model.ts";

const EMBEDDED = loadConfig({}).model;
let folder: string;
let embedded: Buffer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "headroom-gguf-"));
  embedded = await readFile(EMBEDDED);
});
afterAll(() => rm(folder, { recursive: true }));

async function problemOf(bytes: Uint8Array): Promise<string | undefined> {
  const file = join(folder, "model.gguf");
  await writeFile(file, bytes);
  return ggufProblem(file);
}

/** The embedded model with a token written over another one of the same length. */
async function withTokenTwice(): Promise<Buffer> {
  const read = await readGguf(EMBEDDED);
  if ("problem" in read) throw new Error(read.problem);
  const { items } = read.header.metadata.get("tokenizer.ggml.tokens") as GgufArray;
  const [one, other] = (items as string[]).slice(500).filter(({ length }) => length === 8);
  const copy = Buffer.from(embedded);
  copy.write(one!, copy.indexOf(other!, 0, "latin1"), "latin1");
  return copy;
}

const tokens = generatedTokens();
const without = (byte: string) =>
  tokens.map((token) => (token === byte ? byte.toLowerCase() : token));

describe("what a header tells", () => {
  it("is nothing wrong of the embedded model and of another one", async () => {
    expect(await ggufProblem(EMBEDDED)).toBeUndefined();
    expect(await problemOf(generatedModel())).toBeUndefined();
  });

  it("is that a file is none, or is cut off, wherever it was cut", async () => {
    expect(await ggufProblem(join(folder, "absent.gguf"))).toBe("cannot be read");
    expect(await ggufProblem(folder)).toBe("cannot be read");
    expect(await problemOf(Buffer.from("hello"))).toBe("is not a GGUF file");
    for (const bytes of [24, 30, 2_000, 20_000]) {
      expect(await problemOf(embedded.subarray(0, bytes))).toMatch(
        /is damaged: it ends in the mid/,
      );
    }
    expect(await problemOf(embedded.subarray(0, embedded.length / 2))).toMatch(
      /before its weights/,
    );
  });

  it.each<[string, RegExp, () => Buffer | Promise<Buffer>]>([
    ["a token twice", /occurs twice/, withTokenTwice],
    [
      "a token that llama.cpp makes equal to another",
      /occurs twice/,
      () =>
        generatedModel({
          "tokenizer.ggml.tokens": { strings: [...tokens.slice(0, -2), "", "[EMPTY_286]"] },
        }),
    ],
    [
      "no byte for what it cannot spell",
      /lacks a byte/,
      () => generatedModel({ "tokenizer.ggml.tokens": { strings: without("<0xE3>") } }),
    ],
    ["no vocabulary", /has no vocabulary/, () => generatedModel({ "tokenizer.ggml.tokens": "x" })],
    [
      "no tokens",
      /has no vocabulary/,
      () => generatedModel({ "tokenizer.ggml.tokens": { strings: [] } }),
    ],
    ["no tokenizer", /has no tokenizer/, () => generatedModel({ "tokenizer.ggml.model": "none" })],
    [
      "bytes of a tokenizer that has none",
      /stands for a byte/,
      () => generatedModel({ "tokenizer.ggml.model": "bert" }),
    ],
    [
      "fewer kinds than tokens",
      /no token_type/,
      () => generatedModel({ "tokenizer.ggml.token_type": { i32s: [1, 2] } }),
    ],
    ["no layers", /0 layers/, () => generatedModel({ "llama.block_count": { u32: 0 } })],
    ["too many layers", /600 layers/, () => generatedModel({ "llama.block_count": { u32: 600 } })],
    [
      "a negative epsilon",
      /less than nothing/,
      () => generatedModel({ "llama.attention.layer_norm_rms_epsilon": { f32: -1 } }),
    ],
    ["unused experts", /experts/, () => generatedModel({ "llama.expert_count": { u32: 8 } })],
    ["no kind", /what kind/, () => generatedModel({ "general.architecture": undefined })],
  ])("is that a model with %s is damaged", async (_, why, bytes) => {
    const problem = await problemOf(await bytes());
    expect(problem).toMatch(/^is damaged: /);
    expect(problem).toMatch(why);
  });

  it.each<[string, Parameters<typeof generatedModel>[0]]>([
    ["says that it is not causal", { "llama.attention.causal": false }],
    ["pools, as embedding models do", { "llama.pooling_type": { u32: 3 } }],
    ["pools in a way that is not known", { "llama.pooling_type": { u32: 99 } }],
    ["is a BERT", { "general.architecture": "bert" }],
    ["is an encoder with a decoder", { "general.architecture": "t5" }],
  ])("is that a model is no language model when it %s", async (_, instead) => {
    expect(await problemOf(generatedModel(instead))).toMatch(/^is an encoder or embedding model/);
  });

  it("has a causal model that names no pooling pass", async () => {
    const instead = { "llama.attention.causal": true, "llama.pooling_type": { u32: 0 } } as const;
    expect(await problemOf(generatedModel(instead))).toBeUndefined();
  });

  it("is read to its end, or is a problem, whatever bytes it has", async () => {
    const headerBytes = 60_000;
    const change = fc.record({ at: fc.nat(headerBytes - 1), byte: fc.nat(255) });
    const file = join(folder, "flipped.gguf");
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 8 }), async (changes) => {
        const copy = Buffer.from(embedded.subarray(0, headerBytes + 1_000));
        // Half of them where the numbers of the format stand, which decide most.
        changes.forEach(({ at, byte }, i) => (copy[i % 2 === 0 ? at % 600 : at] = byte));
        await writeFile(file, copy);
        const read = await readGguf(file);
        if ("problem" in read) expect(read.problem).toMatch(/^(is damaged: |is not a GGUF)/);
        const problem = await ggufProblem(file);
        expect([undefined, "string"]).toContain(problem && typeof problem);
      }),
      { numRuns: 500 },
    );
  });
});

describe("loading what is damaged, whatever llama.cpp makes of it,", () => {
  it("fails or works, and this process goes on", async () => {
    const file = join(folder, "flipped.gguf");
    const ends: string[] = [];
    for (let seed = 1; seed <= 6; seed++) {
      const copy = Buffer.from(embedded);
      for (let i = 1; i <= 3; i++) copy[(seed * 7_919 * i) % 4_000] = (seed * 31 * i) % 256;
      await writeFile(file, copy);
      const options = { file, instructions: {}, threads: 1 };
      const end = await createLlamaScorer(options).then(
        async (scorer) => {
          await scorer.close();
          return "works";
        },
        (error: { code?: string }) => String(error.code),
      );
      ends.push(end);
    }
    for (const end of ends) expect(["works", "model_failed"]).toContain(end);
    expect(ends).toContain("model_failed");
  });
});

describe("a model in several parts", () => {
  const path = (i: number, count = 3) => join(folder, `split-0000${i}-of-0000${count}.gguf`);
  const files = splitModel(3);
  beforeAll(() => Promise.all(files.map((bytes, i) => writeFile(path(i + 1), bytes))));
  const all = files.reduce((sum, { length }) => sum + length, 0);

  it("has the size and the weights of all of them", async () => {
    expect(await ggufProblem(path(1))).toBeUndefined();
    expect(await modelBytes(path(1))).toBe(all);
    const whole = join(folder, "whole.gguf");
    await writeFile(whole, generatedModel());
    const shape = await readModelShape(path(1));
    const { fileBytes, bitsPerWeight, ...others } = await readModelShape(whole);
    expect(shape).toMatchObject({ ...others, fileBytes: all });
    expect(shape.bitsPerWeight! / bitsPerWeight!).toBeCloseTo(all / fileBytes, 10);
  });

  it("answers as in one file", async () => {
    const instructions = { template: "the {text}: film ", positive: "good", negative: "bad" };
    const whole = join(folder, "whole.gguf");
    await writeFile(whole, generatedModel());
    const scores = [];
    for (const file of [whole, path(1)]) {
      const scorer = await createLlamaScorer({ file, instructions, threads: 1 });
      const [score] = await scorer.score([{ text: "great film", ask: "whole" }]);
      scores.push(score!.whole);
      await scorer.close();
    }
    expect(scores[1]).toBeCloseTo(scores[0]!, 5);
  });

  it("is refused without one, and by another than its first", async () => {
    expect(await ggufProblem(path(2))).toBe("is not the first of its 3 parts; give that one");
    await rm(path(3));
    const problem = await ggufProblem(path(1));
    expect(problem).toBe(`needs its part ${path(3)}, which cannot be read`);
    await writeFile(path(3), files[1]!);
    expect(await ggufProblem(path(1))).toMatch(/which is another one$/);
    await writeFile(path(3), files[2]!.subarray(0, 100));
    expect(await ggufProblem(path(1))).toMatch(/which is damaged: it ends/);
  });
});
