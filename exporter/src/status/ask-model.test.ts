import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Generator } from "../engine/generator.ts";
import type { FaultPlan } from "../engine/simulated/faults.ts";
import { createSimulatedGenerator } from "../engine/simulated/generator.ts";
import { LATENCY_PROFILES, type LatencyProfile } from "../engine/simulated/latency-profiles.ts";
import { VirtualClock } from "../engine/testing/virtual-clock.ts";
import { askModel, type Question } from "./ask-model.ts";
import { ungroundedParts } from "./grounding/ground.ts";
import { LANGUAGES, type Language } from "../language.ts";
import { warmUpPrompt } from "./prompts/build-prompt.ts";
import { SCENARIOS } from "./scenarios/index.ts";
import { SpeedEstimate } from "./speed-estimate.ts";
import { STRATEGY } from "./strategies.ts";
import { FREE_MEMORY, IDLE_CPU, OK_FINDINGS, ROOT_DISK } from "./testing/example-findings.ts";
import { TimeLimit } from "./time-limit.ts";

const QUESTION: Question = {
  scenario: SCENARIOS["quick-status"],
  strategy: STRATEGY.balanced,
  language: "en",
  findings: [IDLE_CPU, FREE_MEMORY, ROOT_DISK],
};
const OK = "OK: nothing is at a limit.";
/** As the model is told the findings, without what stands in brackets. */
const FACTS = " The CPU is 23 % busy. Memory is 45 % used. Disk / is 61 % full.";

/** Has the model evaluate the instructions. It says nothing, so no fault shows. */
async function warmUp(generator: Generator, language: Language): Promise<void> {
  const signal = AbortSignal.abort();
  await generator.generate(warmUpPrompt(language), { maxTokens: 1, signal }).catch(() => {});
}

/** Asks a simulated model whose time costs nothing. */
async function ask({
  question = {} as Partial<Question>,
  profile = LATENCY_PROFILES["linux-2-cores"] as LatencyProfile,
  faults = undefined as FaultPlan | undefined,
  ms = 3_000,
  isWarm = true,
  signal = new AbortController().signal,
} = {}) {
  const clock = new VirtualClock();
  const generator = createSimulatedGenerator({ profile, faults, clock });
  const asked = { ...QUESTION, ...question };
  if (isWarm) await warmUp(generator, asked.language);
  const speed = new SpeedEstimate(generator.speed);
  const time = new TimeLimit(ms, clock.now(), clock.now);
  const pieces: string[] = [];
  const options = { isWarm, signal, onText: (piece: string) => pieces.push(piece) };
  const reply = await askModel(generator, speed, asked, time, options);
  return { ...reply, told: pieces.join(""), speed, time, generator };
}

const always = (fault: FaultPlan["fault"]): FaultPlan => ({ fault, share: 1 });

describe("a model that does its work", () => {
  it("gives its words behind the verdict, and they are told as they come", async () => {
    const { text, told, fallback, generation } = await ask();
    expect(text).toBe(OK + FACTS);
    expect(told).toBe(OK + FACTS);
    expect(fallback).toBeUndefined();
    expect(generation).toMatchObject({ end: "done" });
  });

  it("gives its words in Japanese", async () => {
    const { text } = await ask({ question: { language: "ja", findings: [IDLE_CPU] } });
    expect(text).toBe("正常: しきい値を超えた項目はありません。 CPU使用率は23%です。");
  });

  it("is told as many findings as the strategy allows, and the budget says how many are not", async () => {
    const { text, budget } = await ask({ question: { strategy: STRATEGY.speed } });
    expect(text).toBe(`${OK} The CPU is 23 % busy. Memory is 45 % used.`);
    expect(budget).toMatchObject({ findingsLeftOut: 1, prefillTokensPerSecond: 258 });
  });

  it("is told fewer findings when there is less time", async () => {
    const { text, budget, time } = await ask({ ms: 500 });
    expect(text).toBe(`${OK} The CPU is 23 % busy.`);
    expect(budget!.findingsLeftOut).toBe(2);
    expect(budget!.leftMs).toBeLessThan(500);
    expect(time.elapsed).toBeLessThan(500);
  });

  it("has less time for its answer when its instructions are not evaluated yet", async () => {
    const [warm, cold] = [await ask({ ms: 1_500 }), await ask({ ms: 1_500, isWarm: false })];
    expect(warm.text).toBe(OK + FACTS);
    expect(cold.text?.length ?? 0).toBeLessThan(warm.text!.length);
  });

  it("teaches the estimate how fast it is", async () => {
    const { speed } = await ask({ isWarm: false, faults: always("delay"), ms: 30_000 });
    expect(speed.prefillTokensPerSecond).toBeLessThan(258);
    expect(speed.decodeTokensPerSecond).toBeLessThan(147);
  });

  it("is within its time by a clock that costs nothing, and true, whatever it is asked", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.constantFrom(...OK_FINDINGS), { minLength: 1 }),
        fc.constantFrom(...LANGUAGES),
        fc.constantFrom(...Object.values(STRATEGY)),
        fc.constantFrom(...Object.values(LATENCY_PROFILES)),
        fc.integer({ min: 100, max: 5_000 }),
        async (findings, language, strategy, profile, ms) => {
          const question = { findings, language, strategy };
          const { text, fallback, time, told } = await ask({ question, profile, ms });
          expect(time.elapsed).toBeLessThanOrEqual(ms);
          expect(text === undefined).toBe(fallback !== undefined);
          if (text === undefined) return;
          expect(told.startsWith(text)).toBe(true);
          expect(ungroundedParts(text, findings, language)).toEqual([]);
        },
      ),
    );
  });
});

describe("a model that cannot answer in time", () => {
  it("is not asked at all when nothing fits", async () => {
    expect(await ask({ ms: 150 })).toMatchObject({
      text: undefined,
      fallback: "deadline",
      budget: null,
      told: "",
    });
  });

  it("is cut off, and before its first whole sentence that is the deadline's fault", async () => {
    const { fallback, generation, told } = await ask({
      ms: 400,
      faults: always("hang"),
      profile: LATENCY_PROFILES.instant,
    });
    expect(fallback).toBe("deadline");
    expect(generation).toMatchObject({ end: "aborted", tokens: { output: 0 } });
    expect(told).toBe(OK);
  });

  it("leaves its whole sentences behind when it is cut off later", async () => {
    const controller = new AbortController();
    const clock = new VirtualClock();
    const generator = createSimulatedGenerator({ profile: LATENCY_PROFILES.instant, clock });
    let told = "";
    const { text } = await askModel(
      generator,
      new SpeedEstimate(generator.speed),
      QUESTION,
      new TimeLimit(3_000, 0, clock.now),
      {
        isWarm: true,
        signal: controller.signal,
        onText: (piece) => {
          told += piece;
          if (told.includes("Memory")) controller.abort();
        },
      },
    );
    expect(told).toMatch(/Memory[^.]*$/);
    expect(text).toBe(`${OK} The CPU is 23 % busy.`);
  });
});

describe("a model that says something else", () => {
  it.each(["wrong-numbers", "garbage"] as const)("is ungrounded: %s", async (fault) => {
    const { text, fallback, generation, budget } = await ask({ faults: always(fault) });
    expect([text, fallback]).toEqual([undefined, "ungrounded"]);
    expect(generation!.text).not.toBe("");
    expect(budget).not.toBeNull();
  });

  it("says nothing that would be taken for a summary when it fails, only why", async () => {
    const { text, fallback, error } = await ask({ faults: always("error") });
    expect([text, fallback]).toEqual([undefined, "model_failed"]);
    expect(error).toMatchObject({ code: "model_failed" });
  });
});
