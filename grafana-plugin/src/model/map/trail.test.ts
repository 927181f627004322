import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { meanTrail } from "./build-map.ts";

const range = { from: 0, to: 2400 };

const at = (time: number, x: number, y: number) => ({ time, x, y, inside: true, recency: 0 });

describe("meanTrail", () => {
  it("gives the mean of each stretch that has points", () => {
    const points = [at(0, 1, 10), at(50, 3, 20), at(250, 7, 7), at(2400, 9, 9)];
    expect(meanTrail(points, range)).toEqual([
      { time: 25, x: 2, y: 15 },
      { time: 250, x: 7, y: 7 },
      { time: 2400, x: 9, y: 9 },
    ]);
  });

  it("is empty without points, and one mean when the range has no length", () => {
    expect(meanTrail([], range)).toEqual([]);
    expect(meanTrail([at(5, 1, 1), at(5, 3, 3)], { from: 5, to: 5 })).toEqual([
      { time: 5, x: 2, y: 2 },
    ]);
  });

  it("goes forward in time, stays among the points and is not longer than 24 steps", () => {
    const point = fc.record({
      time: fc.integer({ min: 0, max: 2400 }),
      x: fc.integer({ min: -100, max: 100 }),
    });
    fc.assert(
      fc.property(fc.array(point, { minLength: 1 }), (all) => {
        const trail = meanTrail(
          all.map(({ time, x }) => at(time, x, -x)),
          range,
        );
        expect(trail.length).toBeLessThanOrEqual(24);
        const xs = all.map(({ x }) => x);
        trail.forEach((step, i) => {
          if (i > 0) expect(step.time).toBeGreaterThan(trail[i - 1]!.time);
          expect(step.x).toBeGreaterThanOrEqual(Math.min(...xs) - 1e-9);
          expect(step.x).toBeLessThanOrEqual(Math.max(...xs) + 1e-9);
          expect(step.y).toBeCloseTo(-step.x);
        });
      }),
    );
  });
});
