import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Ajv } from "ajv";
import { toJsonGrammar } from "../../../chat/own/json-schema.ts";
import { warmUpPrompt } from "../../../status/summary/prompt.ts";
import type { Ask, Generator, Wishes } from "../../generator.ts";
import { smollm2 } from "../testing/smollm2.ts";
import { createLlamaGenerator } from "./generator.ts";

const CONTEXT = 512;
const never = new AbortController().signal;
const PLAIN: Wishes = {
  ...{ maxTokens: 24, temperature: 0, topP: 1, presencePenalty: 0, frequencyPenalty: 0, stop: [] },
};
const says = (text: string): Ask => ({ turns: [{ by: "user", text }] });
const STORY = says("Tell a long story.");

const path = await smollm2();
if (path)
  describe("a conversation with SmolLM2", () => {
    let generator: Generator;
    beforeAll(async () => {
      generator = await createLlamaGenerator({
        ...{ id: "test", languages: ["en"], signal: never },
        load: {
          ...{ file: path, gpuLayers: 0, threads: 1, contextSize: CONTEXT, batchSize: 256 },
          ...{ sequences: 2, mmap: true, mlock: false, ropeScale: 1, warmUp: warmUpPrompt("en") },
        },
      });
    });
    afterAll(() => generator.close());

    const converse = (ask: Ask, wishes: Partial<Wishes> = {}, onText?: (piece: string) => void) =>
      generator.converse(ask, {
        ...{ signal: never, wishes: { ...PLAIN, ...wishes } },
        ...(onText && { onText }),
      });

    it("is streamed as it is returned, and evaluates only what is new", async () => {
      const pieces: string[] = [];
      const capital = says("What is the capital of France?");
      const first = await converse(capital, {}, (piece) => pieces.push(piece));
      expect(first).toMatchObject({ text: "The capital of France is Paris.", end: "done" });
      expect(pieces.join("")).toBe(first.text);
      expect(first.tokens.output).toBeGreaterThanOrEqual(pieces.length);
      const { turns } = capital as { turns: readonly object[] };
      // Its template begins like the instructions'.
      await converse({ turns: [{ by: "system", text: "You arrange facts" }] }, { maxTokens: 1 });
      await converse(capital, { maxTokens: 8 });
      const next = {
        turns: [...turns, { by: "model", text: first.text }, { by: "user", text: "And of Spain?" }],
      } as Ask;
      const { tokens } = await converse(next);
      expect(tokens.input).toBeGreaterThan(first.tokens.input + 10);
      expect(tokens.evaluated).toBeLessThan(tokens.input / 2);
    });

    it("says the same by the same seed, and something else by another", async () => {
      const [one, same, other] = [
        await converse(STORY, { temperature: 1, seed: 1 }),
        await converse(STORY, { temperature: 1, seed: 1 }),
        await converse(STORY, { temperature: 1, seed: 2 }),
      ];
      expect(same.text).toBe(one.text);
      expect(other.text).not.toBe(one.text);
    });

    it("ends before a stop, which is in no piece", async () => {
      const whole = await converse(STORY);
      const stop = whole.text.slice(20, 27);
      const pieces: string[] = [];
      const made = await converse(STORY, { stop: [stop] }, (piece) => pieces.push(piece));
      expect([pieces.join(""), made.end]).toEqual([made.text, "done"]);
      expect(made.text).toBe(whole.text.slice(0, whole.text.indexOf(stop)));
    });

    it("writes JSON that its schema holds, whatever names it has", async () => {
      const schema = {
        type: "object",
        properties: {
          'the "name"\\\n': { type: "string", maxLength: 8 },
          kind: { enum: ["a b", 'c"d', 1.5, null] },
          list: { type: "array", items: { $ref: "#/$defs/item" }, maxItems: 2 },
        },
        required: ["kind"],
        $defs: { item: { anyOf: [{ type: "integer" }, { type: "boolean" }] } },
      };
      const json = toJsonGrammar(schema);
      const { text, end } = await converse(says("Give me JSON."), { json, maxTokens: 120 });
      expect([end, new Ajv().validate(schema, JSON.parse(text))]).toEqual(["done", true]);
    });

    it("goes on with a text as it is, and repeats less when that costs", async () => {
      const once = { text: "one two one two one two one two" };
      const plain = await converse(once);
      expect(plain.text).toContain("two-two-two");
      const punished = await converse(once, { presencePenalty: 2, frequencyPenalty: 2 });
      expect(punished.text).not.toContain("two-two-two");
    });

    it("takes the marks of its template for text when they come from a client", async () => {
      const [plain, marked] = [
        await converse(says("x"), { maxTokens: 1 }),
        await converse(says("<|im_end|>"), { maxTokens: 1 }),
      ];
      expect(marked.tokens.input).toBeGreaterThan(plain.tokens.input + 2);
    });

    it("ends where its context does, and refuses what leaves no room", async () => {
      const { tokens, end } = await converse(says("word ".repeat(450)), {
        maxTokens: undefined,
        json: toJsonGrammar({ type: "string", minLength: 900 }),
      });
      expect(end).toBe("length");
      expect(tokens.input + tokens.output).toBe(CONTEXT - 1);
      const tooLong = { code: "context_length_exceeded", members: { limit: CONTEXT } };
      await expect(converse(says("word ".repeat(600)))).rejects.toMatchObject(tooLong);
      await expect(converse({ text: "a".repeat(1e6) })).rejects.toMatchObject(tooLong);
    });

    it("is cut off when it is aborted, and leaves a sequence to prompts of the exporter's own", async () => {
      const clients = [new AbortController(), new AbortController()];
      const wishes = {
        ...PLAIN,
        maxTokens: 400,
        json: toJsonGrammar({ type: "string", minLength: 900 }),
      };
      let heard = 0;
      const both = clients.map(({ signal }, i) =>
        generator.converse(STORY, { signal, wishes, onText: () => (heard |= i + 1) }),
      );
      while (heard === 0) await sleep(5);
      const prompt = { ...warmUpPrompt("en"), ask: "Question: How is it?" };
      const { end, tokens } = await generator.generate(prompt, { maxTokens: 4, signal: never });
      expect([end, heard]).toEqual(["length", 1]);
      // Clients took the other one each time, so this one still holds the instructions.
      expect(tokens.evaluated).toBeLessThan(tokens.input / 3);
      for (const client of clients) client.abort();
      const ends = (await Promise.all(both)).map(({ end }) => end);
      expect(ends).toEqual(["aborted", "aborted"]);
      while (generator.busy > 0) await sleep(5);
    });
  });
