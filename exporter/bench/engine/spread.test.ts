import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { doubtOf, pairedRatio, quantile, spreadOf, withSpread } from "./spread.ts";

const numbers = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 50 });

describe("a quantile", () => {
  it.each([
    [[5, 1, 3], 0.5, 3],
    [[4, 1, 3, 2], 0.5, 2.5],
    [[1, 2, 3, 4, 5], 0.25, 2],
    [[10, 20], 0.95, 19.5],
    [[7], 0.9, 7],
  ])("of %j at %p is %p", (values, q, expected) => {
    expect(quantile(values, q)).toBeCloseTo(expected, 12);
  });

  it("lies among the values, rises with q, and ends at the least and the most", () => {
    fc.assert(
      fc.property(numbers, fc.double({ min: 0, max: 1, noNaN: true }), (values, q) => {
        const found = quantile(values, q);
        expect(found).toBeGreaterThanOrEqual(Math.min(...values));
        expect(found).toBeLessThanOrEqual(Math.max(...values));
        expect(quantile(values, 0)).toBe(Math.min(...values));
        expect(quantile(values, 1)).toBe(Math.max(...values));
      }),
    );
  });

  it("of nothing is not a number", () => {
    expect(quantile([], 0.5)).toBeNaN();
  });
});

describe("the spread", () => {
  it("has the quartiles around the median", () => {
    expect(spreadOf([1, 2, 3, 4, 5])).toEqual({ median: 3, low: 2, high: 4 });
  });

  it("is written with its quartiles", () => {
    expect(withSpread({ median: 2, low: 1, high: 3 }, String)).toBe("2 (1 to 3)");
  });
});

describe("a ratio of pairs", () => {
  it("is not moved by a machine that slows down for both", () => {
    const slower = (values: number[]) => values.map((value, i) => value / (i + 1));
    const ratio = pairedRatio(slower([300, 300, 300]), slower([100, 100, 100]));
    for (const value of Object.values(ratio)) expect(value).toBeCloseTo(3, 12);
  });

  it("refuses what is not in pairs", () => {
    expect(() => pairedRatio([1, 2], [1])).toThrow(RangeError);
  });
});

it("the doubt about a median halves with four times as many values", () => {
  const spread = { median: 5, low: 4, high: 6 };
  expect(doubtOf(spread, 25)).toBeCloseTo(0.628, 12);
  expect(doubtOf(spread, 100)).toBeCloseTo(0.314, 12);
});
