import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { medianInPlace, selectInPlace } from "./median.ts";
import { ordinary } from "./testing/arbitraries.ts";

const few = fc.oneof(ordinary, fc.integer({ min: 0, max: 3 }));
const list = fc.array(few, { minLength: 1, maxLength: 60 });
const sorted = (values: readonly number[]) => [...values].sort((a, b) => a - b);

describe("selectInPlace", () => {
  it("finds what stands at an index of the sorted values, and keeps smaller ones before it", () => {
    fc.assert(
      fc.property(list, fc.nat(), (values, any) => {
        const index = any % values.length;
        const array = Float64Array.from(values);
        const found = selectInPlace(array, index);
        expect(found).toBe(sorted(values)[index]);
        for (const value of array.subarray(0, index)) expect(value).toBeLessThanOrEqual(found);
        expect(sorted([...array])).toEqual(sorted(values));
      }),
    );
  });
});

describe("medianInPlace", () => {
  it("is the middle value, or the mean of both", () => {
    expect(medianInPlace(Float64Array.of(9, 1, 5))).toBe(5);
    expect(medianInPlace(Float64Array.of(9, 1, 5, 6))).toBe(5.5);
    expect(medianInPlace(new Float64Array(0))).toBeNaN();
  });

  it("is the same as by sorting", () => {
    fc.assert(
      fc.property(list, (values) => {
        const s = sorted(values);
        const middle = s.length >> 1;
        const expected = s.length % 2 ? s[middle]! : (s[middle - 1]! + s[middle]!) / 2;
        expect(medianInPlace(Float64Array.from(values))).toBeCloseTo(expected, 6);
      }),
    );
  });
});
