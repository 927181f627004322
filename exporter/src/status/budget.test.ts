import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { LANGUAGES } from "../language.ts";
import { estimateTokens, makeBudget, type BudgetOptions } from "./budget.ts";

/** 100 tokens of the answer and 1,000 of the prompt a second; each finding has 16 and 20 of them. */
const OPTIONS: BudgetOptions = {
  leftSeconds: 10,
  speed: { prefillTokensPerSecond: 1_000, decodeTokensPerSecond: 100 },
  language: "ja",
  instructionTokens: 0,
  questionTokens: [40, 60, 80, 100],
};

const anyOptions: fc.Arbitrary<BudgetOptions> = fc.record({
  leftSeconds: fc.double({ min: 0, max: 30, noNaN: true }),
  speed: fc.record({
    prefillTokensPerSecond: fc.double({ min: 1, max: 1e5, noNaN: true }),
    decodeTokensPerSecond: fc.double({ min: 0.1, max: 1e4, noNaN: true }),
  }),
  language: fc.constantFrom(...LANGUAGES),
  instructionTokens: fc.nat({ max: 500 }),
  questionTokens: fc
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
    expect(makeBudget({ ...OPTIONS, questionTokens: [40] })).toBeUndefined();
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
        expect(budget.inputTokens).toBe(options.questionTokens[budget.told]);
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
        const next = options.questionTokens[told + 1];
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
