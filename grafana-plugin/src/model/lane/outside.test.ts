import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { isBroken } from "@headroom/alerts/headroom";
import type { Limit } from "../limit.ts";
import { limit, samples } from "../testing/arbitraries.ts";
import { medianInterval } from "./interval.ts";
import { GAP_INTERVALS, outside } from "./outside.ts";

const warning: Limit = { severity: "warning", bound: "upper", upper: 10 };
const critical: Limit = { severity: "critical", bound: "upper", upper: 20 };
const both = [warning, critical];
const every10 = (n: number) => Array.from({ length: n }, (_, i) => i * 10);
const limits = fc.array(limit, { maxLength: 3 });

describe("outside", () => {
  it("holds each value until the next one, and the last for one usual interval", () => {
    expect(outside(every10(5), [1, 15, 15, 1, 15], both)).toEqual({
      breaches: [
        { start: 10, end: 30, severity: "warning" },
        { start: 40, end: 50, severity: "warning" },
      ],
      total: 30,
      longest: 20,
      share: 30 / 50,
    });
  });

  it("joins stretches that touch into one, as severe as the worst", () => {
    expect(outside(every10(5), [15, 25, 15, 1, 1], both).breaches).toEqual([
      { start: 0, end: 30, severity: "critical" },
    ]);
  });

  it("counts a value at the limit", () => {
    expect(outside(every10(3), [10, 9.99, 9.99], both).total).toBe(10);
  });

  it("does not hold a value over missing samples", () => {
    const times = [0, 10, 20, 100, 110];
    expect(outside(times, [15, 15, 15, 15, 1], both)).toMatchObject({
      breaches: [
        { start: 0, end: 30 },
        { start: 100, end: 110 },
      ],
      total: 40,
      share: 40 / 50,
    });
  });

  it("holds a value over an interval that is long but no gap", () => {
    expect(outside([0, 10, 20, 60, 70], [1, 1, 15, 1, 1], both).total).toBe(40);
  });

  it("does not hold a value over nulls", () => {
    const { breaches } = outside(every10(6), [1, 15, null, null, 15, 1], both);
    expect(breaches).toEqual([
      { start: 10, end: 20, severity: "warning" },
      { start: 40, end: 50, severity: "warning" },
    ]);
  });

  it("does not take the rows of a faster series in the same table for gaps", () => {
    const result = outside(every10(6), [15, null, 15, null, 15, null], both);
    expect(result).toMatchObject({ breaches: [{ start: 0, end: 60 }], total: 60, share: 1 });
  });

  it("counts only the visible range", () => {
    const seen = outside(every10(5), [15, 15, 15, 1, 15], both, { from: 15, to: 42 });
    expect(seen).toEqual({
      breaches: [
        { start: 15, end: 30, severity: "warning" },
        { start: 40, end: 42, severity: "warning" },
      ],
      total: 17,
      longest: 15,
      share: 17 / 27,
    });
    expect(outside(every10(5), [15, 15, 15, 1, 1], both, { from: 30 }).breaches).toEqual([]);
    expect(outside(every10(5), [1, 1, 1, 15, 15], both, { to: 25 }).breaches).toEqual([]);
  });

  it("shows a breach without length when only the last moment is outside", () => {
    expect(outside(every10(3), [1, 1, 15], both, { to: 20 })).toMatchObject({
      breaches: [{ start: 20, end: 20, severity: "warning" }],
      total: 0,
      share: 0,
    });
  });

  it("knows no lengths from a single value", () => {
    expect(outside([5], [15], both)).toEqual({
      breaches: [{ start: 5, end: 5, severity: "warning" }],
      total: 0,
      longest: 0,
      share: NaN,
    });
  });

  it("finds nothing where there are no values or no limits", () => {
    const none = { breaches: [], total: 0, longest: 0 };
    expect(outside([], [], both)).toEqual({ ...none, share: NaN });
    expect(outside([0, 10], [null, null], both)).toEqual({ ...none, share: NaN });
    expect(outside([0, 10], [15, 15], [])).toEqual({ ...none, share: 0 });
  });

  it("is the same as by looking at each millisecond", () => {
    fc.assert(
      fc.property(samples, limits, ({ times, values }, ls) => {
        const interval = medianInterval(times, values);
        const hold = Number.isNaN(interval) ? 0 : Math.round(interval);
        const result = outside(times, values, ls, { interval: hold });
        let total = 0;
        let covered = 0;
        for (const [i, value] of values.entries()) {
          if (value === null) continue;
          const next = values.findIndex((v, j) => j > i && v !== null);
          const gap = next !== i + 1 || times[next]! - times[i]! > GAP_INTERVALS * hold;
          for (let t = times[i]!; t < (times[next] ?? Infinity); t++) {
            if (gap && t >= times[i]! + hold) break;
            covered++;
            if (ls.some((l) => isBroken(l, value))) total++;
          }
        }
        expect(result.total).toBe(total);
        expect(result.share).toBe(covered > 0 ? total / covered : NaN);
      }),
    );
  });

  it("keeps breaches apart, in order and inside the range, with a total that is their sum", () => {
    const range = fc.tuple(fc.integer({ min: 0, max: 4_000 }), fc.nat({ max: 4_000 }));
    fc.assert(
      fc.property(samples, limits, range, ({ times, values }, ls, [from, length]) => {
        const to = from + length;
        const { breaches, total, longest, share } = outside(times, values, ls, { from, to });
        let before = -Infinity;
        for (const { start, end } of breaches) {
          expect(start).toBeGreaterThan(before);
          expect(end).toBeGreaterThanOrEqual(start);
          expect(start).toBeGreaterThanOrEqual(from);
          expect(end).toBeLessThanOrEqual(to);
          before = end;
        }
        const lengths = breaches.map((b) => b.end - b.start);
        expect(total).toBeCloseTo(
          lengths.reduce((a, b) => a + b, 0),
          6,
        );
        expect(longest).toBe(Math.max(0, ...lengths));
        if (!Number.isNaN(share)) {
          expect(share).toBeGreaterThanOrEqual(0);
          expect(share).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it("moves with the values when time is shifted", () => {
    fc.assert(
      fc.property(samples, limits, fc.integer({ min: 0, max: 2e12 }), (s, ls, shift) => {
        const here = outside(s.times, s.values, ls, { interval: 10 });
        const there = outside(
          s.times.map((t) => t + shift),
          s.values,
          ls,
          { interval: 10 },
        );
        expect(there).toEqual({
          ...here,
          breaches: here.breaches.map((b) => ({
            ...b,
            start: b.start + shift,
            end: b.end + shift,
          })),
        });
      }),
    );
  });
});
