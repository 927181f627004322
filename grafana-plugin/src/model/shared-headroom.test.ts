import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { headroom, isBroken, isUsable } from "@headroom/alerts/headroom";
import type { Bound } from "./limit.ts";
import { bound, edge, ordinary } from "./testing/arbitraries.ts";

const none: readonly Bound[] = [
  { bound: "band", lower: 2, upper: 2 },
  { bound: "band", lower: 3, upper: 2 },
  { bound: "upper", upper: Infinity },
  { bound: "lower", lower: -Infinity },
  { bound: "upper", upper: NaN },
  { bound: "band", lower: -Infinity, upper: 2 },
];

describe("headroom", () => {
  it("is the unused share of an upper limit", () => {
    const upper = { bound: "upper", upper: 200 } as const;
    expect([0, 50, 200, 300].map((v) => headroom(upper, v))).toEqual([1, 0.75, 0, -0.5]);
  });

  it("is the surplus over a lower limit, and full from twice the limit on", () => {
    const lower = { bound: "lower", lower: 10 } as const;
    expect([5, 10, 15, 20, 1000].map((v) => headroom(lower, v))).toEqual([-0.5, 0, 0.5, 1, 1]);
  });

  it("is 1 in the middle of a band, 0 at both edges, and falls on as steeply outside", () => {
    const band = { bound: "band", lower: 2, upper: 6 } as const;
    expect([0, 2, 3, 4, 5, 6, 8].map((v) => headroom(band, v))).toEqual([
      -1, 0, 0.5, 1, 0.5, 0, -1,
    ]);
  });

  it("divides by the size of a negative limit", () => {
    expect(headroom({ bound: "upper", upper: -50 }, -75)).toBe(0.5);
    expect(headroom({ bound: "upper", upper: -50 }, -25)).toBe(-0.5);
    expect(headroom({ bound: "lower", lower: -50 }, -25)).toBe(0.5);
    expect(headroom({ bound: "lower", lower: -50 }, -75)).toBe(-0.5);
  });

  it("is 0 at a limit of zero and not defined elsewhere", () => {
    for (const zero of [
      { bound: "upper", upper: 0 },
      { bound: "lower", lower: 0 },
    ] as const) {
      expect(headroom(zero, 0)).toBe(0);
      expect(headroom(zero, 1)).toBeNaN();
      expect(headroom(zero, -1)).toBeNaN();
    }
  });

  it("is NaN for values that are not finite and for limits that are none", () => {
    fc.assert(
      fc.property(bound, fc.constantFrom(NaN, Infinity, -Infinity), (limit, value) => {
        expect(headroom(limit, value)).toBeNaN();
      }),
    );
    for (const limit of none) expect(headroom(limit, 1)).toBeNaN();
  });

  it("is negative beyond the limit and nowhere else, 0 at it, and never above 1", () => {
    fc.assert(
      fc.property(bound, fc.oneof(ordinary, edge), (limit, value) => {
        const beyond =
          (limit.bound !== "lower" && value > limit.upper) ||
          (limit.bound !== "upper" && value < limit.lower);
        const left = headroom(limit, value);
        expect(left < 0).toBe(beyond);
        expect(left).toBeLessThanOrEqual(1);
        if (limit.bound !== "lower") expect(headroom(limit, limit.upper)).toBe(0);
        if (limit.bound !== "upper") expect(headroom(limit, limit.lower)).toBe(0);
      }),
    );
  });

  it("never grows towards the limit", () => {
    fc.assert(
      fc.property(edge, ordinary, ordinary, (at, a, b) => {
        const [low, high] = a < b ? [a, b] : [b, a];
        const upper = { bound: "upper", upper: at } as const;
        const lower = { bound: "lower", lower: at } as const;
        expect(headroom(upper, high)).toBeLessThanOrEqual(headroom(upper, low));
        expect(headroom(lower, low)).toBeLessThanOrEqual(headroom(lower, high));
      }),
    );
  });

  it("does not depend on the unit", () => {
    const scaled = (limit: Bound, by: number): Bound =>
      limit.bound === "upper"
        ? { ...limit, upper: limit.upper * by }
        : limit.bound === "lower"
          ? { ...limit, lower: limit.lower * by }
          : { ...limit, lower: limit.lower * by, upper: limit.upper * by };
    fc.assert(
      fc.property(bound, ordinary, fc.constantFrom(2, 1024, 0.5), (limit, value, by) => {
        expect(headroom(scaled(limit, by), value * by)).toBe(headroom(limit, value));
      }),
    );
  });
});

describe("isBroken", () => {
  it("is true exactly where no headroom is left, the limit itself included", () => {
    fc.assert(
      fc.property(bound, fc.oneof(ordinary, edge), (limit, value) => {
        expect(isBroken(limit, value)).toBe(headroom(limit, value) <= 0);
        if (limit.bound !== "lower") expect(isBroken(limit, limit.upper)).toBe(true);
        if (limit.bound !== "upper") expect(isBroken(limit, limit.lower)).toBe(true);
      }),
    );
  });

  it("knows the sides of a limit of zero", () => {
    const upper = { bound: "upper", upper: 0 } as const;
    const lower = { bound: "lower", lower: 0 } as const;
    expect([-1, 0, 1].map((v) => isBroken(upper, v))).toEqual([false, true, true]);
    expect([-1, 0, 1].map((v) => isBroken(lower, v))).toEqual([true, true, false]);
  });

  it("is false for values that were not measured and for limits that are none", () => {
    expect(isBroken({ bound: "upper", upper: 1 }, Infinity)).toBe(false);
    expect(isBroken({ bound: "lower", lower: 1 }, NaN)).toBe(false);
    for (const limit of none) {
      expect(isUsable(limit)).toBe(false);
      expect(isBroken(limit, 2)).toBe(false);
    }
  });
});
