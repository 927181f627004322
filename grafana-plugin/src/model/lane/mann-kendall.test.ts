import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { ordinary } from "../testing/arbitraries.ts";
import { mannKendall, standardScore } from "./trend.ts";

describe("mannKendall", () => {
  it("counts pairs and has the variance of Kendall's formula", () => {
    // All 45 pairs of ten rising values rise; 10 * 9 * 25 / 18 = 125.
    expect(mannKendall([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])).toEqual({ s: 45, variance: 125 });
    // One pair of equal values takes 2 * 1 * 9 / 18 = 1 from 4 * 3 * 13 / 18.
    const tied = mannKendall([1, 2, 2, 3]);
    expect(tied.s).toBe(5);
    expect(tied.variance).toBeCloseTo((4 * 3 * 13 - 18) / 18, 12);
  });

  it("has the variance that S really has over all orders of values with ties", () => {
    const orders = permutations([1, 1, 2, 3, 3, 3]);
    const scores = orders.map((order) => mannKendall(order).s);
    const variance = scores.reduce((sum, s) => sum + s * s, 0) / scores.length;
    expect(mannKendall([1, 1, 2, 3, 3, 3]).variance).toBeCloseTo(variance, 9);
  });

  it("changes its sign when time runs backwards", () => {
    fc.assert(
      fc.property(fc.array(ordinary, { maxLength: 30 }), (values) => {
        const forth = mannKendall(values);
        const back = mannKendall([...values].reverse());
        expect(back.s + forth.s).toBe(0);
        expect(back.variance).toBeCloseTo(forth.variance, 9);
      }),
    );
  });
});

describe("standardScore", () => {
  it("corrects for continuity", () => {
    expect(standardScore({ s: 45, variance: 121 })).toBe(4);
    expect(standardScore({ s: -45, variance: 121 })).toBe(-4);
  });

  it("is 0 without a difference", () => {
    expect(standardScore(mannKendall([3, 3, 3, 3]))).toBe(0);
    expect(standardScore(mannKendall([]))).toBe(0);
  });
});

function permutations(values: readonly number[]): number[][] {
  if (values.length < 2) return [[...values]];
  return values.flatMap((value, i) =>
    permutations([...values.slice(0, i), ...values.slice(i + 1)]).map((rest) => [value, ...rest]),
  );
}
