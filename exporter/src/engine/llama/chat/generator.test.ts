import { mkdtemp, open, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { loadConfig } from "../../../config.ts";
import { SAMPLE_FACTS, WITHOUT_GPU } from "../../../hardware/testing/sample.ts";
import { readProcessMemory } from "../../../hardware/memory/process-memory.ts";
import { thisMachine } from "../../../hardware/sources.ts";
import { makePlan } from "../../../hardware/plan.ts";
import { LANGUAGES } from "../../../language.ts";
import { STRATEGY } from "../../../status/answer.ts";
import { SCENARIOS } from "../../../status/scenarios.ts";
import { Arrangement } from "../../../status/summary/arrangement.ts";
import { buildPrompt, warmUpPrompt } from "../../../status/summary/prompt.ts";
import * as example from "../../../status/testing/example-findings.ts";
import type { Generator, Prompt } from "../../generator.ts";
import { readModelShape } from "../model-files.ts";
import { generatedModel } from "../testing/generated-model.ts";
import { smollm2 } from "../testing/smollm2.ts";
import { createLlamaGenerator } from "./generator.ts";

const never = new AbortController().signal;
const WARM = warmUpPrompt("en");
const LONG: Prompt = {
  system: "You tell stories.",
  examples: [],
  ask: "Tell a long story.",
};
const prompt = (percent: number): Prompt => ({
  ...WARM,
  ask: `Question: How is this machine?\nFacts:\n{A} The CPU is ${percent} % busy.\n{B} Memory is 45 % used.`,
});

/** Loads a file as the chat model, with one sequence and one thread. */
function load(file: string, signal = never, sequences = 1): Promise<Generator> {
  return createLlamaGenerator({
    id: "test",
    languages: ["en"],
    signal,
    load: {
      ...{ file, gpuLayers: 0, threads: 1, contextSize: 1024, batchSize: 256, sequences },
      ...{ mmap: true, mlock: false, ropeScale: 1, warmUp: WARM },
    },
  });
}

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), "headroom-chat-"))));
afterAll(() => rm(folder, { recursive: true }));

const path = await smollm2();
if (path)
  describe("SmolLM2 in a process of its own", () => {
    let generator: Generator;
    beforeAll(async () => (generator = await load(path!)));
    afterAll(() => generator.close());

    it("says who it is, and how fast", () => {
      expect(generator.model).toMatchObject({
        id: "test",
        engine: "llama.cpp",
        architecture: "llama",
      });
      expect(generator.model.fingerprint).toMatch(/^[0-9a-f]{16}$/);
      expect(generator.speed.prefillTokensPerSecond).toBeGreaterThan(0);
      expect(generator.speed.decodeTokensPerSecond).toBeGreaterThan(0);
    });

    it("streams the text that it returns, and says the same again", async () => {
      const pieces: string[] = [];
      const first = await generator.generate(prompt(23), {
        maxTokens: 40,
        signal: never,
        onText: (piece) => pieces.push(piece),
      });
      const second = await generator.generate(prompt(23), { maxTokens: 40, signal: never });
      expect(pieces.length).toBeGreaterThan(2);
      expect(pieces.join("").trimEnd()).toBe(first.text.trimEnd());
      expect(second.text).toBe(first.text);
    });

    it.each(LANGUAGES)("writes what its grammar allows, and all of it, in %s", async (language) => {
      const { BUSY_CPU, DATA_DISK, FULL_MEMORY, IDLE_CPU, ROOT_DISK } = example;
      const findings = [BUSY_CPU, DATA_DISK, FULL_MEMORY, IDLE_CPU, ROOT_DISK];
      for (let told = 1; told <= findings.length; told++) {
        const about = { language, strategy: STRATEGY.quality, isComplete: true };
        const arrangement = new Arrangement({ ...about, findings: findings.slice(0, told) });
        const { text, end, tokens } = await generator.generate(
          buildPrompt(SCENARIOS["quick-status"], findings.slice(0, told), language),
          {
            maxTokens: 100,
            grammar: arrangement.open(told),
            signal: never,
            onText: (piece) => arrangement.add(piece),
          },
        );
        expect([arrangement.isArranged, end]).toEqual([true, "done"]);
        expect(tokens.output).toBeLessThanOrEqual((language === "en" ? 8 : 16) * told);
        expect(text).not.toMatch(/\p{N}/u);
      }
    });

    it("evaluates only what is new: the state of the instructions is reused", async () => {
      await generator.generate(prompt(41), { maxTokens: 4, signal: never });
      const { tokens } = await generator.generate(prompt(77), { maxTokens: 4, signal: never });
      expect(tokens.input).toBeGreaterThan(150);
      expect(tokens.evaluated).toBeLessThan(tokens.input / 3);
    });

    it("stops at the most tokens", async () => {
      const { end, tokens } = await generator.generate(LONG, { maxTokens: 12, signal: never });
      expect(end).toBe("length");
      expect(tokens.output).toBeLessThanOrEqual(12);
    });

    it("gives what it has when it is aborted, and is free soon after", async () => {
      const controller = new AbortController();
      let pieces = 0;
      const { end, text } = await generator.generate(LONG, {
        maxTokens: 400,
        signal: controller.signal,
        onText: () => ++pieces === 5 && controller.abort(),
      });
      expect(end).toBe("aborted");
      expect(text).not.toBe("");
      while (generator.busy > 0) await sleep(5);
    });

    it("answers more calls than it has sequences, each its own", async () => {
      const percents = [11, 22, 33, 44];
      const texts = await Promise.all(
        percents.map((percent) =>
          generator.generate(prompt(percent), {
            maxTokens: 24,
            grammar: [[{ text: `It is ${percent} %.` }]],
            signal: never,
          }),
        ),
      );
      texts.forEach(({ text }, i) => expect(text).toContain(`${percents[i]} %`));
      expect(generator.busy).toBe(0);
    });

    it("has a process of its own, whose memory holds the model, and none on a device here", async () => {
      const { bytes } = await readProcessMemory(thisMachine(5_000), [process.pid, generator.pid!]);
      expect(bytes.get(generator.pid!)).toBeGreaterThan(98_000_000);
      expect(await generator.deviceMemory()).toBeUndefined();
    });

    if (process.platform === "linux") {
      it("is ended before the exporter when memory runs out", async () => {
        const score = (pid: number) => readFile(`/proc/${pid}/oom_score_adj`, "utf8").then(Number);
        expect(await score(generator.pid!)).toBe(1000);
        expect(await score(process.pid)).toBeLessThan(1000);
      });
    }

    it("has the shape that its header tells, and fits a plan", async () => {
      const shape = await readModelShape(path!);
      expect(shape).toMatchObject({ layers: 30, trainContextSize: 8192, kvHeads: 3, headSize: 64 });
      const plan = makePlan({ ...SAMPLE_FACTS, ...WITHOUT_GPU }, shape);
      expect(plan.contextSize.value).toBeLessThanOrEqual(shape.trainContextSize!);
    });

    it("fails its calls, and says why, when its process dies", async () => {
      const other = await load(path!);
      const call = other.generate(LONG, { maxTokens: 400, signal: never });
      const failed = expect(call).rejects.toMatchObject({
        code: "model_failed",
        message: "The chat model failed: it was closed.",
      });
      await other.close();
      await failed;
      expect(other.failure?.message).toContain("it was closed");
      expect(other.busy).toBe(0);
      expect(await other.deviceMemory()).toBeUndefined();
    });

    it("can be stopped while it loads", async () => {
      const controller = new AbortController();
      const loading = load(path!, controller.signal);
      setTimeout(() => controller.abort(new Error("enough")), 50);
      await expect(loading).rejects.toThrow("enough");
    });

    it("refuses a file that was cut off, by its name", async () => {
      const cut = join(folder, "cut.gguf");
      const handle = await open(path!);
      const { buffer } = await handle.read({ buffer: Buffer.alloc(5_000_000) });
      await handle.close();
      await writeFile(cut, buffer);
      await expect(load(cut)).rejects.toThrow(cut);
    });
  });

describe("a file that is no chat model", () => {
  it.each([
    ["that is not there", undefined, "none.gguf"],
    ["that is something else", Buffer.from("hello"), "other.gguf"],
    ["without a chat template", generatedModel(), "scorer.gguf"],
  ])("%s is refused by its name", async (_, content, name) => {
    const file = join(folder, name);
    if (content) await writeFile(file, content);
    await expect(load(file)).rejects.toMatchObject({
      code: "model_failed",
      message: expect.stringContaining(file),
    });
  });

  it("like the embedded sentiment model is refused", async () => {
    await expect(load(loadConfig({}).model)).rejects.toThrow("no chat template");
  });
});
