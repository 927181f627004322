import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { samples } from "../testing/arbitraries.ts";
import { binned } from "./bins.ts";

describe("binned", () => {
  it("keeps the values themselves when they are few, without the missing ones", () => {
    expect(binned([0, 1, 2, 3], [5, null, NaN, 7], -Infinity, 2)).toEqual({
      times: [0, 3],
      values: [5, 7],
    });
  });

  it("starts at the given time", () => {
    expect(binned([0, 1, 2, 3], [5, 6, 7, 8], 2, 9)).toEqual({ times: [2, 3], values: [7, 8] });
  });

  it("takes the medians of equal stretches of time, and skips empty ones", () => {
    const times = [0, 1, 2, 3, 90, 91, 92, 100];
    const values = [1, 99, 2, 3, 7, 7, 0, 8];
    expect(binned(times, values, -Infinity, 4)).toEqual({
      times: [1.5, 91.5],
      values: [2.5, 7],
    });
  });

  it("leaves a straight line a straight line", () => {
    fc.assert(
      fc.property(
        samples,
        fc.integer({ min: -9, max: 9 }),
        fc.integer({ min: 1, max: 20 }),
        (s, m, k) => {
          const line = s.times.map((t) => 3 + m * t);
          const { times, values } = binned(s.times, line, -Infinity, k);
          expect(values).toEqual(times.map((t) => 3 + m * t));
          expect(times.length).toBeLessThanOrEqual(Math.min(k, s.times.length));
          expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
        },
      ),
    );
  });
});
