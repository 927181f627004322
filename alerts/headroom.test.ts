import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { byHeadroom, headroom, headroomInWords, isBroken } from "./headroom.ts";
import type { Bound } from "./limits.ts";
import { LIMITS } from "./limits.ts";

const positive = fc.double({ min: 1e-3, max: 1e12, noNaN: true });
const anyBound: fc.Arbitrary<Bound> = fc.oneof(
  positive.map((upper): Bound => ({ bound: "upper", upper })),
  positive.map((lower): Bound => ({ bound: "lower", lower })),
  positive.map((lower): Bound => ({ bound: "lower", lower, most: 1.5 * lower })),
  fc
    .tuple(positive, fc.double({ min: 0.01, max: 100, noNaN: true }))
    .map(([lower, width]): Bound => ({ bound: "band", lower, upper: lower * (1 + width) })),
);
const value = fc.double({ min: -1e12, max: 1e12, noNaN: true });

describe("headroom", () => {
  it("is the unused share of an upper limit", () => {
    expect(headroom({ bound: "upper", upper: 200 }, 50)).toBe(0.75);
    expect(headroom({ bound: "upper", upper: 200 }, 300)).toBe(-0.5);
  });

  it("is the surplus over a lower limit", () => {
    expect(headroom({ bound: "lower", lower: 10 }, 15)).toBe(0.5);
    expect(headroom({ bound: "lower", lower: 10 }, 5)).toBe(-0.5);
  });

  it("is 1 at the greatest value there can be above a lower limit, and the shortfall below it", () => {
    const goodput = { bound: "lower", lower: 0.9, most: 1 } as const;
    expect([1, 0.95, 0.9, 0.45, 0].map((v) => headroom(goodput, v).toFixed(2))).toEqual([
      "1.00",
      "0.50",
      "0.00",
      "-0.50",
      "-1.00",
    ]);
    // None that lies below the limit.
    expect(headroom({ bound: "lower", lower: 10, most: 5 }, 15)).toBe(0.5);
  });

  it("is 1 in the middle of a band and 0 at both edges", () => {
    const band = { bound: "band", lower: 2, upper: 6 } as const;
    expect([2, 3, 4, 5, 6, 8].map((v) => headroom(band, v))).toEqual([0, 0.5, 1, 0.5, 0, -1]);
  });

  it("is 0 at every limit of the project, or NaN where there is none", () => {
    for (const l of LIMITS) {
      if (l.bound !== "lower") expect(headroom(l, l.upper)).toBe(0);
      if (l.bound !== "upper") expect(headroom(l, l.lower)).toBe(0);
    }
  });

  it("is NaN for a value that is not finite", () => {
    fc.assert(
      fc.property(anyBound, fc.constantFrom(NaN, Infinity, -Infinity), (bound, v) => {
        expect(headroom(bound, v)).toBeNaN();
      }),
    );
  });

  it("is NaN beside a limit of zero, because a share of nothing is not defined", () => {
    expect(headroom({ bound: "upper", upper: 0 }, 1)).toBeNaN();
    expect(headroom({ bound: "lower", lower: 0 }, 1)).toBeNaN();
  });

  it("never grows when a value moves away from the allowed side", () => {
    fc.assert(
      fc.property(positive, value, value, (edge, a, b) => {
        const [low, high] = a < b ? [a, b] : [b, a];
        const upper: Bound = { bound: "upper", upper: edge };
        const lower: Bound = { bound: "lower", lower: edge };
        expect(headroom(upper, high)).toBeLessThanOrEqual(headroom(upper, low));
        expect(headroom(lower, low)).toBeLessThanOrEqual(headroom(lower, high));
      }),
    );
  });

  it("does not depend on the unit", () => {
    fc.assert(
      fc.property(positive, value, fc.constantFrom(2, 1024, 0.5), (upper, v, scale) => {
        const scaled = headroom({ bound: "upper", upper: upper * scale }, v * scale);
        expect(scaled).toBeCloseTo(headroom({ bound: "upper", upper }, v), 9);
      }),
    );
  });
});

describe("isBroken", () => {
  it("is true beyond an edge and false on the allowed side", () => {
    expect(isBroken({ bound: "upper", upper: 1 }, 1.01)).toBe(true);
    expect(isBroken({ bound: "upper", upper: 1 }, 0.99)).toBe(false);
    expect(isBroken({ bound: "lower", lower: 1 }, 0.99)).toBe(true);
    expect(isBroken({ bound: "lower", lower: 1 }, 1.01)).toBe(false);
    // At the limit nothing is left, and the alert fires.
    expect(isBroken({ bound: "upper", upper: 1 }, 1)).toBe(true);
    expect(isBroken({ bound: "lower", lower: 1 }, 1)).toBe(true);
    expect(isBroken({ bound: "band", lower: 1, upper: 2 }, 0.99)).toBe(true);
    expect(isBroken({ bound: "band", lower: 1, upper: 2 }, 2.01)).toBe(true);
    expect(isBroken({ bound: "band", lower: 1, upper: 2 }, 1.5)).toBe(false);
  });

  it("is true whenever the headroom is negative, and only then below zero", () => {
    fc.assert(
      fc.property(anyBound, value, (bound, v) => {
        const left = headroom(bound, v);
        // At the edge itself rounding may put the share on either side of zero.
        fc.pre(Math.abs(left) > 1e-9);
        expect(isBroken(bound, v)).toBe(left < 0);
      }),
    );
  });

  it("is never true for a value that was not measured", () => {
    for (const l of LIMITS) expect(isBroken(l, Number.NaN)).toBe(false);
  });
});

describe("headroom, capped", () => {
  it("is never more than all there is", () => {
    expect(headroom({ bound: "lower", lower: 0.1 }, 0.78)).toBe(1);
    expect(headroom({ bound: "upper", upper: 1 }, -5)).toBe(1);
    fc.assert(
      fc.property(anyBound, value, (bound, v) => {
        expect(headroom(bound, v)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe("headroomInWords", () => {
  const upper = { bound: "upper", upper: 0.5 } as const;

  it.each([
    [0.05, "90 %"],
    [0.5, "0 %"],
    [0.50001, "0 %"],
    [0.625, "-25 %"],
    [1, "-100 %"],
    // What was printed as "-953 %".
    [5.265, "10 times the limit"],
    [1.24, "2.4 times the limit"],
    [Number.NaN, "-"],
  ])("says of %p that it has %s", (v, words) => {
    expect(headroomInWords(upper, v)).toBe(words);
  });

  it("never says more than 100 %, and as many decimals as asked for", () => {
    expect(headroomInWords({ bound: "lower", lower: 0.1 }, 0.78, 1)).toBe("100.0 %");
    expect(headroomInWords({ bound: "band", lower: 0.5, upper: 2.5 }, 1, 1)).toBe("50.0 %");
  });

  it("tells of the edge that is broken", () => {
    const band = { bound: "band", lower: 0.5, upper: 2.5 } as const;
    expect(headroomInWords(band, 5)).toBe("2 times the limit");
    expect(headroomInWords(band, 0)).toBe("-50 %");
  });
});

describe("byHeadroom", () => {
  it("puts the nearest limit first, and last what is not known", () => {
    expect([0.5, Number.NaN, -2, 1].sort(byHeadroom)).toEqual([-2, 0.5, 1, Number.NaN]);
  });
});
