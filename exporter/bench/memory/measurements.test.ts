import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { theilSenSlope } from "./measurements.ts";

const line = fc.record({
  start: fc.integer({ min: -1000, max: 1000 }),
  slope: fc.integer({ min: -100, max: 100 }),
  count: fc.integer({ min: 2, max: 40 }),
});

const on = (start: number, slope: number, count: number) =>
  Array.from({ length: count }, (_, i) => start + slope * i);

describe("theilSenSlope", () => {
  it("is a line's own slope", () => {
    fc.assert(
      fc.property(line, ({ start, slope, count }) => {
        expect(theilSenSlope(on(start, slope, count))).toBe(slope);
      }),
    );
  });

  it("is not moved by one value in ten, however far off it is", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -100, max: 100 }),
        fc.integer({ min: 0, max: 19 }),
        fc.integer({ min: -1_000_000, max: 1_000_000 }),
        (slope, index, wrong) => {
          const values = on(0, slope, 20);
          values[index] = wrong;
          expect(theilSenSlope(values)).toBe(slope);
        },
      ),
    );
  });

  it("takes the mean of the two in the middle of an even number of pairs", () => {
    // The slopes of the six pairs are 0, 0, 1/2, 2/3, 1 and 2.
    expect(theilSenSlope([0, 0, 0, 2])).toBeCloseTo((0 + 2 / 3) / 2, 12);
  });

  it.each([[[]], [[1]]])("refuses %j", (values) => {
    expect(() => theilSenSlope(values)).toThrow(RangeError);
  });
});
