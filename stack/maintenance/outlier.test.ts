import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { median, placeAmong } from "./outlier.ts";

describe("the place of a value among those of the past", () => {
  it("is the modified z-score of Iglewicz and Hoaglin", () => {
    // The median is 3 and the MAD 1, so z = 0.6745 (9 - 3).
    const { median: middle, z } = placeAmong([1, 2, 3, 4, 5], 9);
    expect(middle).toBe(3);
    expect(z).toBeCloseTo(4.047);
  });

  it("takes the mean deviation when most of the past is one value", () => {
    // The mean absolute deviation is 1, so z = (4 - 0) / 1.2533.
    expect(placeAmong([0, 0, 0, 4], 4).z).toBeCloseTo(3.1915);
  });

  it("is infinite for another value than the only one of the past, and 0 for that one", () => {
    expect(placeAmong([2, 2, 2], 1).z).toBe(Number.NEGATIVE_INFINITY);
    expect(placeAmong([2, 2, 2], 2).z).toBe(0);
  });

  it("hardly moves by one outlier of the past", () => {
    const past = Array.from({ length: 49 }, (_, index) => 100 + (index % 7));
    const calm = placeAmong(past, 130).z;
    expect(placeAmong([...past, 1e9], 130).z / calm).toBeCloseTo(1, 0);
  });

  it("does not depend on the unit", () => {
    const numbers = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 3 });
    fc.assert(
      fc.property(numbers, fc.integer({ min: -5000, max: 5000 }), (past, value) => {
        const doubled = placeAmong(
          past.map((one) => 2 * one),
          2 * value,
        ).z;
        expect(doubled).toBeCloseTo(placeAmong(past, value).z);
      }),
    );
  });
});

describe("the median", () => {
  it("is the middle, or the mean of the two in the middle", () => {
    expect(median([5, 1, 3])).toBe(3);
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });
});
