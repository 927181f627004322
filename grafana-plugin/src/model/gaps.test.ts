import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { markGaps } from "./decimate.ts";
import { samples } from "./testing/arbitraries.ts";

describe("markGaps", () => {
  it("puts one null into the middle of each gap", () => {
    const marked = markGaps({ times: [0, 10, 50, 60], values: [1, 2, 3, 4] }, 20);
    expect(marked).toEqual({ times: [0, 10, 30, 50, 60], values: [1, 2, null, 3, 4] });
  });

  it("gives the input back when there is no gap, or the gap has its null", () => {
    const even = { times: [0, 10, 20], values: [1, 2, 3] };
    const marked = { times: [0, 10, 50], values: [1, null, 3] };
    expect(markGaps(even, 10)).toBe(even);
    expect(markGaps(marked, 20)).toBe(marked);
    expect(markGaps(even, NaN)).toBe(even);
  });

  it("keeps every sample, and leaves no two values further apart than a gap", () => {
    fc.assert(
      fc.property(samples, fc.integer({ min: 1, max: 300 }), (input, gap) => {
        const { times, values } = markGaps(input, gap);
        const kept = times.flatMap((time, i) =>
          input.times.includes(time) ? [[time, values[i]]] : [],
        );
        expect(kept).toEqual(input.times.map((time, i) => [time, input.values[i]]));
        for (let i = 1; i < times.length; i++) {
          const isLine = values[i] !== null && values[i - 1] !== null;
          if (isLine) expect(times[i]! - times[i - 1]!).toBeLessThanOrEqual(gap);
        }
      }),
    );
  });
});
