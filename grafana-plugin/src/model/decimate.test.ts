import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { decimate } from "./decimate.ts";
import { samples } from "./testing/arbitraries.ts";

const FROM = 1_000;
const any = fc.record({
  samples,
  length: fc.integer({ min: 1, max: 8_000 }),
  width: fc.integer({ min: 1, max: 20 }),
});

const numbers = (values: readonly (number | null)[]) => values.filter((v) => v !== null);
const columnOf = (time: number, length: number, width: number) =>
  Math.min(width, Math.floor(((time - FROM) * width) / length));

describe("decimate", () => {
  it("gives the input's own arrays back when they hold at most two samples a pixel", () => {
    const times = [0, 1, 2, 3];
    const values = [1, null, 3, 4];
    const result = decimate(times, values, 0, 3, 2);
    expect(result.times).toBe(times);
    expect(result.values).toBe(values);
    expect(decimate([], [], 0, 1, 100)).toEqual({ times: [], values: [] });
  });

  it("keeps the extremes of each column in time order, and both ends", () => {
    const times = Array.from({ length: 20 }, (_, i) => i);
    const values = [5, 6, 9, 4, 1, 5, 5, 5, 5, 5, 5, 5, 5, 0, 5, 5, 7, 5, 5, 5];
    const result = decimate(times, values, 0, 20, 2);
    expect(result.times).toEqual([0, 2, 4, 13, 16, 19]);
    expect(result.values).toEqual([5, 9, 1, 0, 7, 5]);
  });

  it("shows a single value beyond a limit among ten thousand", () => {
    const times = Array.from({ length: 10_000 }, (_, i) => i);
    const values: number[] = times.map(() => 1);
    values[7_123] = 50;
    const result = decimate(times, values, 0, 10_000, 400);
    expect(result.values.indexOf(50)).toBeGreaterThan(0);
    expect(result.times[result.values.indexOf(50)]).toBe(7_123);
    expect(result.times.length).toBeLessThan(1_000);
  });

  it("shortens a long gap to one null and does not draw over it", () => {
    const times = Array.from({ length: 100 }, (_, i) => i);
    const values = times.map((t) => (t >= 30 && t < 70 ? null : t));
    const result = decimate(times, values, 0, 100, 10);
    const at = result.values.indexOf(null);
    expect(result.values.filter((v) => v === null)).toHaveLength(1);
    expect(result.times[at]).toBe(30);
    expect([result.times[at - 1], result.times[at + 1]]).toEqual([29, 70]);
  });

  it("treats NaN as missing, so that it hides nothing", () => {
    const values = [NaN, 1, 9, 2, NaN, 3, NaN, NaN, NaN, 0];
    const result = decimate([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], values, 0, 9, 1);
    expect(numbers(result.values)).toEqual(expect.arrayContaining([1, 9, 0]));
    expect(result.values.some(Number.isNaN)).toBe(false);
  });

  it("draws into one column when the range or the width is none", () => {
    const times = [1, 2, 3, 4, 5];
    for (const [from, to, width] of [
      [3, 3, 2],
      [5, 1, 2],
      [1, 5, 0],
      [1, 5, NaN],
    ] as const) {
      const result = decimate(times, [3, 9, 4, 1, 2], from, to, width);
      expect(numbers(result.values)).toEqual(expect.arrayContaining([9, 1]));
    }
  });

  it("keeps a part of the samples, in order, with both ends, and no more than it says", () => {
    fc.assert(
      fc.property(any, ({ samples: { times, values }, length, width }) => {
        const result = decimate(times, values, FROM, FROM + length, width);
        const taken = result.times.map((time) => times.indexOf(time));
        expect(taken).toEqual([...taken].sort((a, b) => a - b));
        expect(new Set(taken).size).toBe(taken.length);
        expect(result.values).toEqual(taken.map((i) => values[i]));
        expect([result.times[0], result.times.at(-1)]).toEqual([times[0], times.at(-1)]);
        expect(taken.length).toBeLessThanOrEqual(4 * (width + 2) + 2);
      }),
    );
  });

  it("keeps the smallest and the greatest value of every column, hence every breach", () => {
    fc.assert(
      fc.property(any, ({ samples: { times, values }, length, width }) => {
        const result = decimate(times, values, FROM, FROM + length, width);
        for (let column = 0; column <= width; column++) {
          const inColumn = (s: typeof result) =>
            numbers(s.values.filter((_, i) => columnOf(s.times[i]!, length, width) === column));
          const before = inColumn({ times, values });
          const after = inColumn(result);
          expect(Math.min(...after)).toBe(Math.min(...before));
          expect(Math.max(...after)).toBe(Math.max(...before));
        }
      }),
    );
  });

  it("never joins two columns over a missing value", () => {
    fc.assert(
      fc.property(any, ({ samples: { times, values }, length, width }) => {
        const result = decimate(times, values, FROM, FROM + length, width);
        for (let i = 1; i < result.times.length; i++) {
          if (result.values[i] === null || result.values[i - 1] === null) continue;
          const [a, b] = [result.times[i - 1]!, result.times[i]!];
          if (columnOf(a, length, width) === columnOf(b, length, width)) continue;
          expect(values.slice(times.indexOf(a), times.indexOf(b))).not.toContain(null);
        }
      }),
    );
  });
});
