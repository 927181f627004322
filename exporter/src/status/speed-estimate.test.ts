import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Generation } from "../engine/generator.ts";
import { SpeedEstimate } from "./speed-estimate.ts";

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
