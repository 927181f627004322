import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { valueRange } from "./chart-config.ts";

const upper = { bound: "upper", upper: 10, severity: "warning" } as const;
const band = { bound: "band", lower: -5, upper: 5, severity: "critical" } as const;

describe("valueRange", () => {
  it("shows a distant limit at its true place", () => {
    const [low, high] = valueRange(1, 2, [upper]);
    expect(low).toBe(0);
    expect(high).toBeGreaterThan(10);
  });

  it("shows both edges of a band", () => {
    const [low, high] = valueRange(0, 1, [band]);
    expect(low).toBeLessThan(-5);
    expect(high).toBeGreaterThan(5);
  });

  it("has a height even for one value, for zero and for nothing", () => {
    for (const [low, high] of [
      valueRange(3, 3, []),
      valueRange(0, 0, []),
      valueRange(null, null, []),
      valueRange(-4, -4, []),
    ]) {
      expect(high).toBeGreaterThan(low);
    }
  });

  it("holds every value and every limit", () => {
    const number = fc.double({ min: -1e12, max: 1e12, noNaN: true });
    fc.assert(
      fc.property(number, number, number, (a, b, limit) => {
        const [min, max] = a < b ? [a, b] : [b, a];
        const [low, high] = valueRange(min, max, [{ ...upper, upper: limit }]);
        expect(low).toBeLessThanOrEqual(Math.min(min, limit));
        expect(high).toBeGreaterThanOrEqual(Math.max(max, limit));
        expect(high).toBeGreaterThan(low);
      }),
    );
  });
});
