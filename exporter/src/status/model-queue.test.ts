import { describe, expect, it } from "@jest/globals";
import { createSimulatedGenerator } from "../engine/simulated/generator.ts";
import {
  type FaultPlan,
  LATENCY_PROFILES,
  type LatencyProfile,
} from "../engine/simulated/profiles.ts";
import { VirtualClock } from "../engine/testing/virtual-clock.ts";
import { Arrangement } from "./arrangement.ts";
import type { Question } from "./ask-model.ts";
import { ModelQueue } from "./model-queue.ts";
import { SCENARIOS } from "./scenarios/index.ts";
import { STRATEGY } from "./strategies.ts";
import { FREE_MEMORY, IDLE_CPU, ROOT_DISK } from "./testing/example-findings.ts";
import { TimeLimit } from "./time-limit.ts";

const QUESTION: Question = {
  scenario: SCENARIOS["quick-status"],
  strategy: STRATEGY.balanced,
  language: "en",
  findings: [IDLE_CPU, FREE_MEMORY, ROOT_DISK],
  isComplete: true,
};
const HANG: FaultPlan = { fault: "hang", share: 1 };

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A queue before a simulated model, and who was asked in which order. */
function open({
  profile = LATENCY_PROFILES["linux-2-cores"] as LatencyProfile,
  sequences = 1,
  faults = undefined as FaultPlan | undefined,
} = {}) {
  const clock = new VirtualClock();
  const generator = createSimulatedGenerator({ profile: { ...profile, sequences }, faults, clock });
  const queue = new ModelQueue(generator, "en");
  const asked: string[] = [];
  const ask = (
    name: string,
    { question = QUESTION, ms = 5_000, client = new AbortController() } = {},
  ) => {
    const onText = () => void (asked.includes(name) || asked.push(name));
    const time = new TimeLimit(ms, clock.now(), clock.now);
    const arrangement = new Arrangement(question);
    const reply = queue.ask(question, time, { arrangement, signal: client.signal, onText });
    reply.catch(() => {});
    return { reply, client };
  };
  return { queue, generator, clock, asked, ask };
}

describe("a model's queue", () => {
  it("asks one after the other, in their order", async () => {
    const { queue, asked, ask } = open();
    const all = ["a", "b", "c"].map((name) => ask(name).reply);
    expect(queue.waiting).toBe(2);
    const replies = await Promise.all(all);
    expect(asked).toEqual(["a", "b", "c"]);
    expect(replies.every(({ fallback }) => fallback === undefined)).toBe(true);
    expect(queue.waiting).toBe(0);
  });

  it("asks as many at once as the model has sequences", async () => {
    const { queue, generator, asked, ask } = open({ sequences: 2, faults: HANG });
    const all = ["a", "b", "c", "d"].map((name) => ask(name));
    await turn();
    expect([generator.busy, queue.waiting, asked]).toEqual([2, 2, ["a", "b"]]);
    all[1]!.client.abort();
    await turn();
    expect([generator.busy, queue.waiting, asked]).toEqual([2, 1, ["a", "b", "c"]]);
    for (const { client } of all) client.abort();
    await turn();
    expect([generator.busy, queue.waiting]).toEqual([0, 0]);
  });

  it("makes the budget at the question's turn, from what the others left of its time", async () => {
    const { ask } = open();
    const [first, second] = await Promise.all([ask("a").reply, ask("b").reply]);
    const { prefillSeconds, decodeSeconds } = first.generation!;
    expect(first.queueMs).toBe(0);
    expect(second.queueMs).toBeCloseTo(1000 * (prefillSeconds + decodeSeconds), 6);
    expect(second.budget!.leftMs).toBeCloseTo(first.budget!.leftMs - second.queueMs, 6);
  });

  it("does without the model when nothing is left", async () => {
    const { ask, asked } = open();
    const [first, second] = [ask("a"), ask("b", { ms: 300 })];
    expect((await first.reply).fallback).toBeUndefined();
    expect(await second.reply).toMatchObject({ fallback: "deadline", budget: null });
    expect(asked).toEqual(["a"]);
  });

  it("learns for the next question how fast the model is now", async () => {
    const { ask } = open({ faults: { fault: "delay", share: 1 } });
    const [first, second] = [await ask("a").reply, await ask("b", { ms: 60_000 }).reply];
    expect(first.budget!.decodeTokensPerSecond).toBe(147);
    expect(second.budget!.decodeTokensPerSecond).toBeLessThan(147);
  });
});

describe("the instructions", () => {
  const japanese: Question = { ...QUESTION, language: "ja" };
  /** Enough for the question, and not for the instructions with it. */
  const SHORT = { ms: 1_300 };

  it("cost time only when the model evaluated those of another language last", async () => {
    const { ask } = open();
    expect((await ask("warm", SHORT).reply).fallback).toBeUndefined();
    expect((await ask("cold", { ...SHORT, question: japanese }).reply).fallback).toBe("deadline");
    expect((await ask("long", { question: japanese }).reply).fallback).toBeUndefined();
    expect((await ask("warm", { ...SHORT, question: japanese }).reply).fallback).toBeUndefined();
  });

  it("are not there because of a question that the model was never asked", async () => {
    const { ask } = open();
    const late = { ...SHORT, question: japanese };
    expect((await ask("cold", late).reply).budget).toBeNull();
    expect((await ask("cold still", late).reply).budget).toBeNull();
  });
});

describe("a client that goes away", () => {
  it("while it waits is never asked for, and the others go on", async () => {
    const { queue, asked, ask } = open();
    const [first, second, third] = ["a", "b", "c"].map((name) => ask(name));
    second!.client.abort(new Error("gone"));
    await expect(second!.reply).rejects.toThrow("gone");
    expect(queue.waiting).toBe(1);
    await Promise.all([first!.reply, third!.reply]);
    expect(asked).toEqual(["a", "c"]);
  });

  it("while the model works frees the sequence for the next", async () => {
    const { generator, asked, ask } = open({ faults: HANG });
    const [first, second] = [ask("a"), ask("b")];
    await turn();
    first.client.abort(new Error("gone"));
    await expect(first.reply).rejects.toThrow("gone");
    await turn();
    expect([generator.busy, asked]).toEqual([1, ["a", "b"]]);
    second.client.abort();
    await turn();
    expect(generator.busy).toBe(0);
  });

  it("before it asks is not asked for", async () => {
    const { asked, ask } = open();
    const client = new AbortController();
    client.abort(new Error("gone"));
    await expect(ask("a", { client }).reply).rejects.toThrow("gone");
    expect(asked).toEqual([]);
  });
});
