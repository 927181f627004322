import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { headroom, isBroken } from "@headroom/alerts/headroom";
import type { Limit } from "../limit.ts";
import { limit, ordinary } from "../testing/arbitraries.ts";
import { nearestLimit, worstBroken } from "./lane.ts";

const warning: Limit = { severity: "warning", bound: "upper", upper: 10 };
const critical: Limit = { severity: "critical", bound: "upper", upper: 20 };
const zero: Limit = { severity: "critical", bound: "upper", upper: 0 };

describe("nearestLimit", () => {
  it("finds the smallest headroom and its limit", () => {
    expect(nearestLimit([warning, critical], 5)).toEqual({ headroom: 0.5, limit: warning });
    expect(nearestLimit([critical, warning], 5)).toEqual({ headroom: 0.5, limit: warning });
  });

  it("passes over limits without a headroom, and finds none without limits or value", () => {
    expect(nearestLimit([zero, warning], 5)).toEqual({ headroom: 0.5, limit: warning });
    expect(nearestLimit([zero], 5)).toEqual({ headroom: NaN, limit: undefined });
    expect(nearestLimit([], 5)).toEqual({ headroom: NaN, limit: undefined });
    expect(nearestLimit([warning], NaN)).toEqual({ headroom: NaN, limit: undefined });
  });

  it("leaves no limit with less headroom", () => {
    fc.assert(
      fc.property(fc.array(limit, { minLength: 1 }), ordinary, (limits, value) => {
        const nearest = nearestLimit(limits, value);
        expect(limits).toContain(nearest.limit);
        expect(nearest.headroom).toBe(Math.min(...limits.map((l) => headroom(l, value))));
      }),
    );
  });
});

describe("worstBroken", () => {
  it("prefers a critical limit wherever it stands", () => {
    expect(worstBroken([warning, critical], 30)).toBe(critical);
    expect(worstBroken([critical, warning], 30)).toBe(critical);
    expect(worstBroken([warning, critical], 15)).toBe(warning);
    expect(worstBroken([warning, critical], 5)).toBeUndefined();
    expect(worstBroken([zero], 1)).toBe(zero);
  });

  it("is a broken limit of the worst severity among the broken", () => {
    fc.assert(
      fc.property(fc.array(limit), ordinary, (limits, value) => {
        const broken = limits.filter((l) => isBroken(l, value));
        const worst = worstBroken(limits, value);
        expect(worst).toBe(broken.find((l) => l.severity === "critical") ?? broken[0]);
      }),
    );
  });
});
