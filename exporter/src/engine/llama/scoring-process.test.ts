import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { mkdir, mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "../../config.ts";
import { readDataset } from "../../../models/sentiment/training/dataset.ts";
import type { Ask, Scorer, Scores } from "../scorer.ts";
import { KNOWN_DEFAULTS, PINNED_RELEASE } from "./capi/structs.ts";
import type { ProofOptions } from "./messages.ts";
import { createLlamaScorer } from "./scorer.ts";
import {
  generatedModel,
  generatedTokens,
  overflowingModel,
  WIDTH,
} from "./testing/generated-model.ts";
import { smollm2 } from "./testing/smollm2.ts";

const EMBEDDED = loadConfig({}).model;
const ASKS: readonly Ask[] = ["whole", "prefixes", "without"];
const { version } = PINNED_RELEASE;
let folder: string;
let other: string;
let changed: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "headroom-"));
  other = join(folder, "generated.gguf");
  await writeFile(other, generatedModel());
  changed = join(folder, "changed.gguf");
  await writeFile(changed, withOtherWeights(await readFile(EMBEDDED)));
});
afterAll(() => rm(folder, { recursive: true }));

const requests = (messages: readonly string[]) =>
  messages.flatMap((message) => ASKS.map((ask) => ({ text: message, ask })));

/** The largest difference between the same scores, in nats. */
function furthest(some: readonly Scores[], others: readonly Scores[]): number {
  const all = (scores: readonly Scores[]) =>
    scores.flatMap(({ whole, empty, known, truncated, each, bounds }) => [
      ...[whole, empty, known, Number(truncated), each.length],
      ...each,
      ...bounds,
    ]);
  const [a, b] = [all(some), all(others)];
  expect(a).toHaveLength(b.length);
  return Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));
}

describe("a proof that fails leaves the model to node-llama-cpp", () => {
  const closing: Scorer[] = [];
  afterEach(() => Promise.all(closing.splice(0).map((scorer) => scorer.close())));

  it.each<[string, () => ProofOptions, RegExp]>([
    [
      "the library is missing",
      () => ({ folder: join(folder, "absent") }),
      /there is no library of llama.cpp in .*absent/,
    ],
    [
      "the library is none",
      () => ({ folder: join(folder, "broken") }),
      /its library cannot be opened/,
    ],
    [
      "node-llama-cpp brings another release",
      () => ({ release: "v0.4.9" }),
      /brings llama.cpp v0.5.0, and v0.4.9 is known/,
    ],
    [
      "the library is of another version",
      () => ({ expected: { version: "0.4.9", defaults: KNOWN_DEFAULTS } }),
      /version 0.5.0-dev, and 0.4.9 is known/,
    ],
    [
      "a default of the model's parameters is another one",
      () => ({
        expected: {
          version,
          defaults: { ...KNOWN_DEFAULTS, model: { ...KNOWN_DEFAULTS.model, n_gpu_layers: 0 } },
        },
      }),
      /model parameters have -1 for n_gpu_layers, and 0 is known/,
    ],
    [
      "a default of the context's parameters is another one",
      () => ({
        expected: {
          version,
          defaults: { ...KNOWN_DEFAULTS, context: { ...KNOWN_DEFAULTS.context, n_ctx: 513 } },
        },
      }),
      /context parameters have 512 for n_ctx, and 513 is known/,
    ],
    [
      "the scores are other ones",
      () => ({ file: changed }),
      /scores differ from node-llama-cpp's by .*, and 0.0001 is allowed/,
    ],
    ["the model has other words", () => ({ file: other }), /it makes other tokens of "great"/],
    [
      "the model cannot be loaded",
      () => ({ file: join(folder, "absent.gguf") }),
      /it could not load the model/,
    ],
  ])("when %s", async (_, proof, because) => {
    await writeBrokenLibrary();
    const scorer = await open(EMBEDDED, { proof: proof() });
    closing.push(scorer);
    expect(scorer.model).toMatchObject({
      engine: "llama.cpp",
      access: { by: "node-llama-cpp", because: expect.stringMatching(because) },
    });
    const [scores] = await scorer.score([{ text: "great", ask: "whole" }]);
    expect(scores!.whole).toBeGreaterThan(0);
  });

  async function writeBrokenLibrary(): Promise<void> {
    const broken = join(folder, "broken");
    await mkdir(broken, { recursive: true });
    await writeFile(join(broken, "libllama.v0.5.0.so"), "not a library");
  }
});

describe("the labels' logits alone", () => {
  it("serve a model whose numbers all have 32 bits", async () => {
    const scorer = await open(EMBEDDED);
    expect(scorer.model.access).toEqual({ by: "C API", output: "labels" });
    await scorer.close();
  });

  it("give way to those of the whole vocabulary when they prove to be wrong", async () => {
    const wrong = { positive: new Float32Array(32).fill(1), negative: new Float32Array(32) };
    const scorer = await open(EMBEDDED, { proof: { head: wrong } });
    expect(scorer.model.access).toEqual({
      by: "C API",
      output: "vocabulary",
      because: expect.stringMatching(/^its scores differ from node-llama-cpp's by/),
    });
    const [scores] = await scorer.score([{ text: "great", ask: "whole" }]);
    expect(scores!.whole).toBeGreaterThan(0);
    await scorer.close();
  });
});

describe("both ways give the same scores", () => {
  it("for the embedded model, in batches of many messages", async () => {
    const batch = requests(
      readDataset()
        .slice(0, 60)
        .map(({ text }) => text),
    );
    const [direct, indirect] = await bothWays(EMBEDDED, batch);
    expect(furthest(direct, indirect)).toBeLessThan(1e-4);
  });

  it("for messages of one word, unknown words, and more than fits", async () => {
    const long = Array.from({ length: 300 }, (_, i) => (i % 3 === 0 ? "bad" : "good")).join(" ");
    const [direct, indirect] = await bothWays(EMBEDDED, [
      ...requests(["great", "zzyzx", "zzyzx great qwxv", "", long]),
      { text: "good ".repeat(9000), ask: "prefixes" },
    ]);
    expect(furthest(direct, indirect)).toBeLessThan(1e-4);
  });

  it("for several tokens a word and a template around the message", async () => {
    const instructions = { template: "the {text}: film ", positive: "good", negative: "bad" };
    const batch = requests(["what a boring, awful film", "I can't recommend it", "x", "é ü 漢字"]);
    const [direct, indirect] = await bothWays(other, batch, instructions);
    expect(furthest(direct, indirect)).toBeLessThan(1e-4);
  });
});

const chatModel = await smollm2();
if (chatModel) {
  it("gives SmolLM2's scores within what its quantised weights round", async () => {
    const batch = requests(["I love this film", "not bad at all"]);
    const [direct, indirect] = await bothWays(chatModel, batch);
    expect(furthest(direct, indirect)).toBeLessThan(0.5);
  });
}

describe.each(["C API", "node-llama-cpp"])("a damaged or changed model by %s", (by) => {
  const instructions = { template: "the {text}: film ", positive: "good", negative: "bad" };
  const onlyNodeLlamaCpp = by === "node-llama-cpp";
  const score = async (scorer: Scorer, word: string) =>
    (await scorer.score([{ text: word, ask: "whole" }]))[0]!.whole;

  it("is not loaded when its scores are no numbers", async () => {
    const file = join(folder, "no-numbers.gguf");
    await writeFile(file, generatedModel({ "llama.rope.freq_base": { f32: 0 } }));
    await expect(open(file, { instructions, onlyNodeLlamaCpp })).rejects.toMatchObject({
      code: "model_failed",
      message: expect.stringMatching(/damaged: its scores are no numbers/),
    });
  });

  it("is not loaded when a weight is no number", async () => {
    const file = join(folder, "no-number.gguf");
    await writeFile(file, withoutNumber());
    const opening = open(file, { instructions, onlyNodeLlamaCpp });
    await expect(opening).rejects.toThrow(/could not be loaded as a GGUF model/);
  });

  it("fails for the words of which it has no score, and answers others", async () => {
    const file = join(folder, "overflows.gguf");
    await writeFile(file, overflowingModel());
    const bare = { ...instructions, template: "the {text}" };
    const scorer = await open(file, { instructions: bare, onlyNodeLlamaCpp });
    expect(scorer.model.access).toMatchObject({ by });
    const before = await score(scorer, "great");
    await expect(score(scorer, "iraq")).rejects.toMatchObject({
      code: "model_failed",
      message: expect.stringContaining("not numbers"),
    });
    expect(await score(scorer, "great")).toBeCloseTo(before, 4);
    await scorer.close();
  });

  it("gives the same scores when its file is changed in place, and when nothing is left of it", async () => {
    const file = join(folder, "in-place.gguf");
    const bytes = await readFile(EMBEDDED);
    await writeFile(file, bytes);
    const scorer = await open(file, { onlyNodeLlamaCpp });
    expect(scorer.model.access).toMatchObject({ by });
    const before = await score(scorer, "terrible");
    await writeFile(file, withOtherWeights(bytes), { flag: "r+" });
    expect(await score(scorer, "terrible")).toBe(before);
    await truncate(file);
    expect(await score(scorer, "terrible")).toBe(before);
    await scorer.close();
  });
});

describe("a cancelled batch", () => {
  it("ends between two slices, and the next one is answered at once", async () => {
    const scorer = await open(EMBEDDED);
    const text = "good ".repeat(2000);
    const [whole] = await scorer.score([{ text: "great", ask: "whole" }]);
    const gone = new AbortController();
    // Two million tokens, which would take minutes.
    const cancelled = scorer.score([{ text, ask: "without" }], { signal: gone.signal });
    setTimeout(() => gone.abort(new Error("client left")), 50);
    await expect(cancelled).rejects.toThrow("client left");
    expect(await scorer.score([{ text: "great", ask: "whole" }])).toEqual([whole]);
    await scorer.close();
  });
});

/** The same words and shapes, with the numbers at the file's end halved. */
function withOtherWeights(gguf: Buffer): Buffer {
  const changed = Buffer.from(gguf);
  for (let at = gguf.length - 40_000; at < gguf.length; at += 4) {
    changed.writeFloatLE(gguf.readFloatLE(at) / 2, at);
  }
  return changed;
}

/** Where a letter's vector stands among those of the tokens. */
const vectorOf = (letter: string) => WIDTH * generatedTokens().indexOf(letter);

/** The generated model with a weight that is none. */
function withoutNumber(): Buffer {
  return generatedModel({}, (name, values) => {
    if (name === "token_embd.weight") values[vectorOf("q")] = NaN;
  });
}

function open(file: string, rest: object = {}): Promise<Scorer> {
  return createLlamaScorer({ file, instructions: {}, threads: 1, ...rest });
}

async function bothWays(
  file: string,
  batch: Parameters<Scorer["score"]>[0],
  instructions = {},
): Promise<[Scores[], Scores[]]> {
  const answers: Scores[][] = [];
  for (const by of ["C API", "node-llama-cpp"]) {
    const scorer = await open(file, { instructions, onlyNodeLlamaCpp: by === "node-llama-cpp" });
    expect(scorer.model.access).toMatchObject({ by });
    answers.push(await scorer.score(batch));
    await scorer.close();
  }
  return answers as [Scores[], Scores[]];
}
