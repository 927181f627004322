import { describe, expect, it } from "@jest/globals";
import { type Bound, limit, LIMITS } from "./limits.ts";
import { edgeLabel, insideCells, qualityGrid } from "./quality-grid.ts";

const grids = [
  LIMITS,
  LIMITS.map((one) =>
    one.id === "attribution_entropy" ? { ...one, lower: 0.6, upper: 3.3 } : one,
  ),
];

describe("the grid of qualities", () => {
  it.each(grids.map((limits) => [limits]))("has an edge on each limit, in order", (limits) => {
    const { entropy, sparsity } = qualityGrid(limits);
    const { lower, upper } = limit("attribution_entropy", "warning", limits) as Bound & {
      readonly bound: "band";
    };
    expect(entropy).toEqual(expect.arrayContaining([lower, upper, Infinity]));
    expect(sparsity).toEqual(expect.arrayContaining([0.1, 1]));
    for (const edges of [entropy, sparsity]) {
      expect([...edges].sort((a, b) => a - b)).toEqual(edges);
      expect(new Set(edges).size).toBe(edges.length);
      expect(edges.length).toBeLessThanOrEqual(18);
    }
  });

  it.each(grids.map((limits) => [limits]))("is inside where both limits allow it", (limits) => {
    const [x, y] = insideCells(limits).map((matcher) => {
      const [, pattern = ""] = /^\w+=~"(.*)"$/.exec(matcher) ?? [];
      return new RegExp(`^(?:${pattern})$`);
    });
    const { entropy, sparsity } = qualityGrid(limits);
    const band = limit("attribution_entropy", "warning", limits) as Bound & {
      readonly bound: "band";
    };
    for (const edge of entropy)
      expect(x!.test(edgeLabel(edge))).toBe(edge > band.lower && edge <= band.upper);
    for (const edge of sparsity) expect(y!.test(edgeLabel(edge))).toBe(edge > 0.1);
    expect(x!.test("0x75")).toBe(false);
  });
});
