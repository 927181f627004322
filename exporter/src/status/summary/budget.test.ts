import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Generation } from "../../engine/generator.ts";
import { LANGUAGES } from "../../language.ts";
import {
  estimateTokens,
  makeBudget,
  SpeedEstimate,
  TimeLimit,
  type BudgetOptions,
} from "./budget.ts";

describe("a time limit", () => {
  it("counts from acceptance, so what was waited before is gone", () => {
    const time = new TimeLimit(3_000, 500, () => 1_250);
    expect(time.elapsed).toBe(750);
    expect(time.leftForModel).toBeLessThan(3_000 - 750);
  });

  it("follows the clock", () => {
    let now = 0;
    const time = new TimeLimit(2_000, 0, () => now);
    const before = time.leftForModel;
    now = 300;
    expect(before - time.leftForModel).toBe(300);
  });

  it("gives the model less than the answer, the answer less than there is, and none below 0", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 30_000 }),
        fc.double({ min: 0, max: 60_000, noNaN: true }),
        (ms, elapsed) => {
          const time = new TimeLimit(ms, 7, () => 7 + elapsed);
          const rest = Math.max(0, ms - time.elapsed);
          expect(time.leftForModel).toBeGreaterThanOrEqual(0);
          expect(time.leftForAnswer).toBeLessThanOrEqual(rest);
          if (time.leftForAnswer > 0) {
            expect(time.leftForModel).toBeLessThan(time.leftForAnswer);
            expect(time.leftForAnswer).toBeLessThan(rest);
          } else expect(time.leftForModel).toBe(0);
        },
      ),
    );
  });
});

const INITIAL = { prefillTokensPerSecond: 100, decodeTokensPerSecond: 100 };

/** An answer whose prompt and text were that fast. */
function answer(prefill: number, decode: number, evaluated = 50, output = 21): Generation {
  return {
    text: "",
    end: "done",
    tokens: { input: 100, evaluated, output },
    prefillSeconds: evaluated / prefill,
    decodeSeconds: (output - 1) / decode,
  };
}

function after(...answers: readonly Generation[]): readonly [prefill: number, decode: number] {
  const speed = new SpeedEstimate(INITIAL);
  for (const each of answers) speed.observe(each);
  return [speed.prefillTokensPerSecond, speed.decodeTokensPerSecond];
}

describe("a speed estimate", () => {
  it("begins with what was measured while the model was loaded", () => {
    expect(after()).toEqual([100, 100]);
  });

  it("averages the times a token: at half the speed for 0.3 of the weight, 1 / 0.013", () => {
    const [prefill, decode] = after(answer(50, 50));
    expect(prefill).toBeCloseTo(1 / 0.013, 6);
    expect(decode).toBeCloseTo(1 / 0.013, 6);
  });

  it("comes close to a new speed within five answers, and then stays there", () => {
    const slow = answer(40, 20);
    const [prefill, decode] = after(...Array<Generation>(5).fill(slow));
    expect(prefill).toBeLessThan(50);
    expect(decode).toBeLessThan(25);
    const [settled] = after(...Array<Generation>(50).fill(slow));
    expect(settled).toBeCloseTo(40, 3);
  });

  it("learns nothing from a few tokens, which tell more about the clock", () => {
    expect(after(answer(1, 1, 3, 3))).toEqual([100, 100]);
    expect(after(answer(50, 1, 4, 3))[0]).toBeLessThan(100);
  });

  it("learns nothing from an answer that was cut off before its first token", () => {
    expect(after({ ...answer(1, 1), tokens: { input: 100, evaluated: 50, output: 0 } })).toEqual([
      100, 100,
    ]);
  });

  it("lies between what it was and what it saw", () => {
    const rate = fc.double({ min: 0.1, max: 1e5, noNaN: true });
    fc.assert(
      fc.property(rate, rate, (prefill, decode) => {
        after(answer(prefill, decode)).forEach((estimate, i) => {
          const seen = [prefill, decode][i]!;
          expect(estimate).toBeGreaterThanOrEqual(Math.min(100, seen) * (1 - 1e-9));
          expect(estimate).toBeLessThanOrEqual(Math.max(100, seen) * (1 + 1e-9));
        });
      }),
    );
  });

  it("stays a positive number, whatever a clock says", () => {
    const seconds = fc.double({ min: 0, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(seconds, seconds, fc.nat(2_000), fc.nat(2_000), (prefill, decode, i, o) => {
        const odd = { ...answer(1, 1, i, o), prefillSeconds: prefill, decodeSeconds: decode };
        for (const estimate of after(odd, odd)) {
          expect(Number.isFinite(estimate)).toBe(true);
          expect(estimate).toBeGreaterThan(0);
        }
      }),
    );
  });
});

/** 100 tokens of the answer and 1,000 of the prompt a second; each finding has 16 and 20 of them. */
const OPTIONS: BudgetOptions = {
  leftSeconds: 10,
  speed: { prefillTokensPerSecond: 1_000, decodeTokensPerSecond: 100 },
  language: "ja",
  instructionTokens: 0,
  askTokens: [40, 60, 80, 100],
};

const anyOptions: fc.Arbitrary<BudgetOptions> = fc.record({
  leftSeconds: fc.double({ min: 0, max: 30, noNaN: true }),
  speed: fc.record({
    prefillTokensPerSecond: fc.double({ min: 1, max: 1e5, noNaN: true }),
    decodeTokensPerSecond: fc.double({ min: 0.1, max: 1e4, noNaN: true }),
  }),
  language: fc.constantFrom(...LANGUAGES),
  instructionTokens: fc.nat({ max: 500 }),
  askTokens: fc
    .tuple(fc.nat({ max: 60 }), fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 6 }))
    .map(([first, steps]) => {
      let sum = first;
      return [first, ...steps.map((step) => (sum += step))];
    }),
});

describe("a budget", () => {
  it("is all of it when there is time", () => {
    expect(makeBudget(OPTIONS)).toEqual({ told: 3, inputTokens: 100, outputTokens: 48 });
  });

  it.each([
    ["all are told", 0.7, { told: 3, inputTokens: 100, outputTokens: 48 }],
    ["the last finding is left out", 0.6, { told: 2, inputTokens: 80, outputTokens: 32 }],
    ["then the one before it", 0.3, { told: 1, inputTokens: 60, outputTokens: 16 }],
    ["and then there is none", 0.2, undefined],
  ])("gets smaller with the time: %s", (_, leftSeconds, budget) => {
    expect(makeBudget({ ...OPTIONS, leftSeconds })).toEqual(budget);
  });

  it("counts the instructions when their state is not there", () => {
    const leftSeconds = 0.7;
    expect(makeBudget({ ...OPTIONS, leftSeconds, instructionTokens: 100 })?.told).toBe(2);
    expect(makeBudget({ ...OPTIONS, leftSeconds, instructionTokens: 700 })).toBeUndefined();
  });

  it("does not exist without a finding to tell", () => {
    expect(makeBudget({ ...OPTIONS, askTokens: [40] })).toBeUndefined();
  });

  it("fits into the time by its own speeds, with some to spare, and tells a finding at least", () => {
    fc.assert(
      fc.property(anyOptions, (options) => {
        const budget = makeBudget(options);
        if (!budget) return;
        const { prefillTokensPerSecond, decodeTokensPerSecond } = options.speed;
        const seconds =
          (options.instructionTokens + budget.inputTokens) / prefillTokensPerSecond +
          budget.outputTokens / decodeTokensPerSecond;
        expect(seconds).toBeLessThan(0.9 * options.leftSeconds);
        expect(budget.told).toBeGreaterThanOrEqual(1);
        expect(budget.inputTokens).toBe(options.askTokens[budget.told]);
      }),
    );
  });

  it("never tells more with less time", () => {
    fc.assert(
      fc.property(anyOptions, fc.double({ min: 0, max: 1, noNaN: true }), (options, share) => {
        const whole = makeBudget(options);
        const part = makeBudget({ ...options, leftSeconds: share * options.leftSeconds });
        if (!part) return;
        expect(whole).toBeDefined();
        expect(part.told).toBeLessThanOrEqual(whole!.told);
      }),
    );
  });

  it("leaves a finding out only when the answer about it would not fit", () => {
    fc.assert(
      fc.property(anyOptions, (options) => {
        const told = makeBudget(options)?.told ?? 0;
        const next = options.askTokens[told + 1];
        if (next === undefined) return;
        const { prefillTokensPerSecond, decodeTokensPerSecond } = options.speed;
        const needed = (options.language === "en" ? 8 : 16) * (told + 1);
        const seconds =
          (options.instructionTokens + next) / prefillTokensPerSecond +
          needed / decodeTokensPerSecond;
        expect(seconds).toBeGreaterThan(0.8 * options.leftSeconds);
      }),
    );
  });
});

describe("the tokens of a text", () => {
  it.each([
    ["", "en", 0],
    ["The CPU is 23 % busy.", "en", 9],
    ["CPU使用率は23%です。", "ja", 13],
  ] as const)("are estimated: %j", (text, language, tokens) => {
    expect(estimateTokens(text, language)).toBe(tokens);
  });
});
