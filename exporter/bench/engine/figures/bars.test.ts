import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { bar, bars } from "./bars.ts";

describe("a bar", () => {
  it.each([
    [8, 8, "████"],
    [4, 8, "██"],
    [1, 8, "▌"],
    [5, 8, "██▌"],
    [0.001, 8, "▏"],
    [16, 8, "████"],
    [0, 8, ""],
    [-1, 8, ""],
    [Number.NaN, 8, ""],
    [1, 0, ""],
  ])("of %p of %p in four characters is %p", (value, most, expected) => {
    expect(bar(value, most, 4)).toBe(expected);
  });

  it("is never longer than its width, and longer for more", () => {
    const value = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(value, value, fc.integer({ min: 1, max: 40 }), (a, b, width) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)].map((v) => bar(v, 1, width).length);
        expect(less).toBeLessThanOrEqual(more!);
        expect(more).toBeLessThanOrEqual(width);
      }),
    );
  });
});

it("the largest of several bars is full", () => {
  expect(bars([1, 2, Number.NaN], 2)).toEqual(["█", "██", ""]);
});
