import { describe, expect, it } from "@jest/globals";
import { medianInterval } from "./interval.ts";

describe("medianInterval", () => {
  it("is the usual time between values, whatever the gaps", () => {
    expect(medianInterval([0, 10, 20, 30, 5_000], [1, 2, 3, 4, 5])).toBe(10);
  });

  it("passes over missing values, as in a table with a faster series", () => {
    expect(medianInterval([0, 10, 20, 30, 40, 50], [1, null, 2, NaN, 3, null])).toBe(20);
  });

  it("is not known from fewer than two values", () => {
    expect(medianInterval([], [])).toBeNaN();
    expect(medianInterval([0, 10], [null, 1])).toBeNaN();
  });
});
