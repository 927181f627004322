import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { entropy, sparsity } from "./quality.ts";

const attributions = fc.array(
  fc.double({ min: -50, max: 50, noNaN: true }).map((x) => (Math.abs(x) < 1e-3 ? 0 : x)),
  { minLength: 2, maxLength: 60 },
);
const meaningful = attributions.filter((a) => a.some((x) => x !== 0));

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
