import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { isBroken } from "@headroom/alerts/headroom";
import { bound, ordinary } from "../testing/arbitraries.ts";
import { commonRegion } from "./build-map.ts";
import { sideOf } from "./side.ts";

describe("sideOf", () => {
  it("says on which side of the limit a value lies, at the limit too", () => {
    const limit = { bound: "band", lower: 1, upper: 3 } as const;
    expect([0, 1, 2, 3, 4].map((value) => sideOf(limit, value))).toEqual([
      "below",
      "below",
      undefined,
      "above",
      "above",
    ]);
    expect(sideOf({ bound: "upper", upper: 3 }, -9)).toBeUndefined();
    expect(sideOf({ bound: "lower", lower: 1 }, 9)).toBeUndefined();
  });

  it("finds nothing outside a limit that is none", () => {
    expect(sideOf({ bound: "band", lower: 3, upper: 1 }, 2)).toBeUndefined();
    expect(sideOf({ bound: "upper", upper: NaN }, 2)).toBeUndefined();
  });

  it("agrees with the lanes on what is broken", () => {
    fc.assert(
      fc.property(bound, ordinary, (limit, value) => {
        expect(sideOf(limit, value) !== undefined).toBe(isBroken(limit, value));
      }),
    );
  });
});

describe("commonRegion", () => {
  it("is what all limits allow", () => {
    expect(commonRegion([])).toBeUndefined();
    expect(
      commonRegion([
        { bound: "upper", upper: 9 },
        { bound: "upper", upper: 7 },
      ]),
    ).toEqual({ bound: "upper", upper: 7 });
    expect(commonRegion([{ bound: "lower", lower: 2 }])).toEqual({ bound: "lower", lower: 2 });
    expect(
      commonRegion([
        { bound: "band", lower: 1, upper: 9 },
        { bound: "lower", lower: 2 },
      ]),
    ).toEqual({ bound: "band", lower: 2, upper: 9 });
  });

  it("leaves out limits that contradict those before them or are none", () => {
    expect(
      commonRegion([
        { bound: "upper", upper: 1 },
        { bound: "lower", lower: 2 },
        { bound: "lower", lower: 0 },
        { bound: "upper", upper: -Infinity },
      ]),
    ).toEqual({ bound: "band", lower: 0, upper: 1 });
  });

  it("holds exactly the values that break no limit, when some value can", () => {
    fc.assert(
      fc.property(fc.array(bound, { maxLength: 3 }), ordinary, ordinary, (limits, a, b) => {
        fc.pre(limits.every((limit) => !isBroken(limit, a)));
        const region = commonRegion(limits);
        const isIn = (value: number) => !region || !isBroken(region, value);
        expect(isIn(a)).toBe(true);
        expect(isIn(b)).toBe(limits.every((limit) => !isBroken(limit, b)));
      }),
    );
  });
});
