import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Scores } from "../engine/scorer.ts";
import { attribute, attributions, entropy, sparsity } from "./attribution.ts";
import { wordBounds } from "./words.ts";

const scores = (each: number[], whole: number, known = each.length): Scores => ({
  whole,
  empty: 0.5,
  known,
  truncated: false,
  each,
  bounds: each.flatMap((_, i) => [2 * i, 2 * i + 1]),
});

describe("attribution", () => {
  it("by occlusion is what the score loses without the word", () => {
    expect(attributions("occlusion", scores([1, 3, 2], 2))).toEqual([1, -1, 0]);
  });

  it("by prefixes is what the word adds to the score so far", () => {
    expect(attributions("prefix", scores([1, 3, 2], 2))).toEqual([0.5, 2, -1]);
  });

  it("by prefixes sums to the whole score less that of nothing", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -20, max: 20, noNaN: true }), { minLength: 1 }),
        (each) => {
          const sum = attributions("prefix", scores(each, each.at(-1)!)).reduce((a, b) => a + b);
          expect(sum).toBeCloseTo(each.at(-1)! - 0.5, 9);
        },
      ),
    );
  });

  it("says where the words are, and holds none of them", () => {
    const bounds = wordBounds("LOVED  it!!");
    const attribution = attribute("occlusion", { ...scores([0, 1], 1), bounds });
    expect(attribution).toMatchObject({ bounds: [0, 5, 7, 11], values: [1, 0] });
    expect(JSON.stringify(attribution)).not.toMatch(/LOVED|it!!/);
  });

  it.each([
    ["no_known_word", scores([0.5, 0.5], 0.5, 0)],
    ["one_word", scores([0.5], 2)],
    ["all_zero", scores([2, 2], 2)],
  ])("has no quality when the reason is %s", (undefinedReason, given) => {
    expect(attribute("occlusion", given)).toMatchObject({
      entropy: null,
      sparsity: null,
      undefinedReason,
    });
  });
});

const someValues = fc.array(
  fc.double({ min: -50, max: 50, noNaN: true }).map((x) => (Math.abs(x) < 1e-3 ? 0 : x)),
  { minLength: 2, maxLength: 60 },
);
const meaningful = someValues.filter((a) => a.some((x) => x !== 0));

describe("entropy", () => {
  it("is ln n when all n words weigh the same", () => {
    expect(entropy([1, -1, 1, -1])).toBeCloseTo(Math.log(4), 9);
  });

  it("is zero when one word decides", () => {
    expect(entropy([0, 3, 0])).toBe(0);
  });

  it("equals a hand-computed value: shares 1/2, 1/4, 1/4 give 1.5 ln 2", () => {
    expect(entropy([2, -1, 1])).toBeCloseTo(1.5 * Math.LN2, 9);
  });

  it("has no value for one word, no word, or only zeros", () => {
    expect([entropy([4]), entropy([]), entropy([0, 0])]).toEqual([undefined, undefined, undefined]);
  });

  it("lies between 0 and ln n, and ignores scale, sign and order", () => {
    fc.assert(
      fc.property(meaningful, fc.double({ min: 0.01, max: 100, noNaN: true }), (a, scale) => {
        const value = entropy(a)!;
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(Math.log(a.length) + 1e-9);
        expect(entropy(a.map((x) => -x * scale).reverse())).toBeCloseTo(value, 6);
      }),
    );
  });
});

describe("sparsity", () => {
  it("is zero when all words weigh the same", () => {
    expect(sparsity([2, -2, 2])).toBeCloseTo(0, 9);
  });

  it("is 1 - 1/n when one word decides", () => {
    expect(sparsity([0, 0, 5, 0])).toBeCloseTo(0.75, 6);
  });

  it("equals a hand-computed value: 1, 2, 3 give 2/9", () => {
    expect(sparsity([3, -1, 2])).toBeCloseTo(2 / 9, 6);
  });

  it("has no value for one word, no word, or only zeros", () => {
    expect([sparsity([4]), sparsity([]), sparsity([0, 0])]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("lies between 0 and 1 - 1/n, and ignores sign and order", () => {
    fc.assert(
      fc.property(meaningful, (a) => {
        const value = sparsity(a)!;
        expect(value).toBeGreaterThanOrEqual(-1e-9);
        expect(value).toBeLessThanOrEqual(1 - 1 / a.length + 1e-9);
        expect(sparsity(a.map((x) => -x).reverse())).toBeCloseTo(value, 9);
      }),
    );
  });

  it("grows when the strongest word takes weight from another", () => {
    fc.assert(
      fc.property(meaningful, (a) => {
        const magnitudes = a.map(Math.abs).sort((x, y) => x - y);
        const [weakest = 0] = magnitudes;
        const moved = [...magnitudes];
        moved[0] = 0;
        moved[moved.length - 1]! += weakest;
        expect(sparsity(moved)!).toBeGreaterThanOrEqual(sparsity(magnitudes)! - 1e-9);
      }),
    );
  });
});
