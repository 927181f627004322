import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Generator } from "../engine/generator.ts";
import { createSimulatedGenerator } from "../engine/simulated/generator.ts";
import {
  type FaultPlan,
  LATENCY_PROFILES,
  type LatencyProfile,
} from "../engine/simulated/profiles.ts";
import { VirtualClock } from "../engine/testing/virtual-clock.ts";
import { Arrangement } from "./arrangement.ts";
import { askModel, type Question } from "./ask-model.ts";
import { LANGUAGES, type Language } from "../language.ts";
import { warmUpPrompt } from "./prompt.ts";
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
  isComplete: true,
};
const OK = "OK: nothing looked at is at a limit.";
const CPU = " The CPU is 23 % busy";
const MEMORY = "emory is 45 % used (10.8 GB of 24.0 GB)";
const FACTS = `${CPU}, and m${MEMORY}; disk / is 61 % full`;

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
  const arrangement = new Arrangement(asked);
  const onText = (piece: string) => pieces.push(piece);
  const options = { arrangement, isWarm, signal, onText };
  const reply = await askModel(generator, speed, asked, time, options);
  const told = pieces.join("");
  return { ...reply, told, text: arrangement.finish(), speed, time, generator };
}

const always = (fault: FaultPlan["fault"]): FaultPlan => ({ fault, share: 1 });

describe("a model that does its work", () => {
  it("arranges the facts behind the verdict, and they are told as they come", async () => {
    const { text, told, fallback, generation } = await ask();
    expect(told).toBe(OK + FACTS);
    expect(text).toBe(`${OK}${FACTS}.`);
    expect(fallback).toBeUndefined();
    expect(generation).toMatchObject({ text: "{A}, and {B}; {C}", end: "done" });
  });

  it("arranges them in Japanese", async () => {
    const { text } = await ask({ question: { language: "ja", findings: [IDLE_CPU] } });
    expect(text).toBe(
      "正常: 確認した項目に、しきい値を外れたものはありません。CPU使用率は23%です。",
    );
  });

  it("is told as many findings as the strategy allows, and the budget says how many are not", async () => {
    const { text, budget } = await ask({ question: { strategy: STRATEGY.speed } });
    expect(text).toBe(`${OK}${CPU}, and m${MEMORY}.`);
    expect(budget).toMatchObject({ findingsLeftOut: 1, prefillTokensPerSecond: 258 });
  });

  it("is told fewer findings when there is less time, and code says the others", async () => {
    const { text, budget, fallback, time } = await ask({ ms: 300 });
    expect(text).toBe(`${OK}${CPU}. M${MEMORY}. Disk / is 61 % full.`);
    expect(budget!.findingsLeftOut).toBe(2);
    expect(budget!.leftMs).toBeLessThan(300);
    expect(fallback).toBeUndefined();
    expect(time.elapsed).toBeLessThan(300);
  });

  it("has less time for its answer when its instructions are not evaluated yet", async () => {
    const [warm, cold] = [await ask({ ms: 1_300 }), await ask({ ms: 1_300, isWarm: false })];
    expect(warm.budget!.findingsLeftOut).toBe(0);
    expect(cold.budget?.findingsLeftOut ?? 3).toBeGreaterThan(0);
  });

  it("teaches the estimate how fast it is", async () => {
    const { speed } = await ask({ isWarm: false, faults: always("delay"), ms: 30_000 });
    expect(speed.prefillTokensPerSecond).toBeLessThan(258);
    expect(speed.decodeTokensPerSecond).toBeLessThan(147);
  });

  it("is within its time by a clock that costs nothing, and all is said, whatever it is asked", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.constantFrom(...OK_FINDINGS), { minLength: 1 }),
        fc.constantFrom(...LANGUAGES),
        fc.constantFrom(...Object.values(STRATEGY)),
        fc.constantFrom(...Object.values(LATENCY_PROFILES)),
        fc.integer({ min: 100, max: 5_000 }),
        async (findings, language, strategy, profile, ms) => {
          const question = { findings, language, strategy };
          const { text, time, told } = await ask({ question, profile, ms });
          expect(time.elapsed).toBeLessThanOrEqual(ms);
          expect(text.startsWith(told)).toBe(true);
          for (const { text: fact } of findings.slice(0, strategy.findings)) {
            expect(text).toContain(fact[language].slice(1, -1));
          }
        },
      ),
    );
  });
});

describe("a model that cannot answer in time", () => {
  it("is not asked at all when nothing fits", async () => {
    expect(await ask({ ms: 150 })).toMatchObject({ fallback: "deadline", budget: null, told: "" });
  });

  it("is cut off, and before its first fact that is the deadline's fault", async () => {
    const { fallback, generation, told } = await ask({
      ms: 400,
      faults: always("hang"),
      profile: LATENCY_PROFILES.instant,
    });
    expect(fallback).toBe("deadline");
    expect(generation).toMatchObject({ end: "aborted", tokens: { output: 0 } });
    expect(told).toBe(OK);
  });

  it.each(["its caller ends it", "its summary was finished without it"])(
    "leaves the facts behind that it placed before %s",
    async (how) => {
      const controller = new AbortController();
      const clock = new VirtualClock();
      const generator = createSimulatedGenerator({ profile: LATENCY_PROFILES.instant, clock });
      const arrangement = new Arrangement(QUESTION);
      const time = new TimeLimit(3_000, 0, clock.now);
      const { fallback } = await askModel(
        generator,
        new SpeedEstimate(generator.speed),
        QUESTION,
        time,
        {
          arrangement,
          isWarm: true,
          signal: controller.signal,
          onText: () => {
            if (arrangement.placed < 2) return;
            if (how === "its caller ends it") controller.abort();
            else arrangement.finish();
          },
        },
      );
      expect(fallback).toBe(how === "its caller ends it" ? undefined : "deadline");
      expect(arrangement.finish()).toBe(`${OK}${CPU}, and m${MEMORY}. Disk / is 61 % full.`);
    },
  );
});

describe("a model that does something else", () => {
  it("is dropped when it leaves the grammar, and the findings speak", async () => {
    const { text, told, fallback, generation, budget } = await ask({ faults: always("garbage") });
    expect(fallback).toBe("ungrounded");
    expect(told).toBe(OK);
    expect(text).toBe(`${OK}${CPU}. M${MEMORY}. Disk / is 61 % full.`);
    expect(generation!.end).toBe("aborted");
    expect(budget).not.toBeNull();
  });

  it("says nothing that would be taken for a summary when it fails, only why", async () => {
    const { told, fallback, error } = await ask({ faults: always("error") });
    expect([told, fallback]).toEqual([OK, "model_failed"]);
    expect(error).toMatchObject({ code: "model_failed" });
  });
});
