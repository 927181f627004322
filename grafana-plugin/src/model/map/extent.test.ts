import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { bound, ordinary } from "../testing/arbitraries.ts";
import { axisExtent } from "./build-map.ts";

describe("axisExtent", () => {
  it("leaves a margin around values and the finite edges of the region", () => {
    expect(axisExtent([2, 8], { bound: "band", lower: 0, upper: 10 })).toEqual([-0.5, 10.5]);
    expect(axisExtent([0, 8], { bound: "upper", upper: 10 })).toEqual([-0.5, 10.5]);
    expect(axisExtent([2, 10], { bound: "lower", lower: 0 })).toEqual([-0.5, 10.5]);
    expect(axisExtent([], { bound: "band", lower: 0, upper: 10 })).toEqual([-0.5, 10.5]);
  });

  it("is as told, whatever the values, but for one that lies beyond", () => {
    const told = { min: 0, max: 12 };
    expect(axisExtent([2, 8], undefined, told)).toEqual([0, 12]);
    expect(axisExtent([5], { bound: "upper", upper: 10 }, told)).toEqual([0, 12]);
    expect(axisExtent([], undefined, told)).toEqual([0, 12]);
    expect(axisExtent([2, 22], undefined, told)).toEqual([0, 23]);
    expect(axisExtent([2, 8], undefined, { min: null, max: 12 })).toEqual([1.7, 12]);
  });

  it("gives a single value room, zero as well", () => {
    expect(axisExtent([10, 10], undefined)).toEqual([9, 11]);
    expect(axisExtent([-10], undefined)).toEqual([-11, -9]);
    expect(axisExtent([0], undefined)).toEqual([-1, 1]);
  });

  it("is 0 to 1 when there is nothing", () => {
    expect(axisExtent([], undefined)).toEqual([0, 1]);
  });

  it("always contains all values and edges, with room on both sides", () => {
    fc.assert(
      fc.property(
        fc.array(ordinary, { minLength: 1 }),
        fc.option(bound, { nil: undefined }),
        (values, region) => {
          const [low, high] = axisExtent(values, region);
          const edges = region && "lower" in region ? [region.lower] : [];
          if (region && "upper" in region) edges.push(region.upper);
          for (const value of [...values, ...edges]) {
            expect(low).toBeLessThanOrEqual(value);
            expect(high).toBeGreaterThanOrEqual(value);
          }
          expect(high).toBeGreaterThan(low);
        },
      ),
    );
  });
});
