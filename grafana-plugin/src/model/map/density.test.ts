import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { densityCells } from "./build-map.ts";
import type { QualityPoint } from "./quality-map.ts";

const extent = { x: [0, 48], y: [0, 480] } as const;

const point = (x: number, y: number, recency = 0): QualityPoint => ({
  time: 0,
  x,
  y,
  inside: true,
  recency,
});

describe("densityCells", () => {
  it("counts the points of each cell and keeps the newest moment", () => {
    expect(
      densityCells([point(2.5, 15, 0.2), point(2.9, 11, 0.7), point(2, 9, 1)], extent),
    ).toEqual([
      { x: 2, y: 0, width: 1, height: 10, count: 1, recency: 1 },
      { x: 2, y: 10, width: 1, height: 10, count: 2, recency: 0.7 },
    ]);
  });

  it("keeps points at the very edge", () => {
    const cells = densityCells([point(0, 0), point(48, 480)], extent);
    expect(cells.map(({ x, y }) => [x, y])).toEqual([
      [0, 0],
      [47, 470],
    ]);
  });

  it("loses no point, and every cell holds the points that it counts", () => {
    const points = fc.array(
      fc
        .tuple(fc.integer({ min: 0, max: 4799 }), fc.integer({ min: 0, max: 4799 }))
        // In the middle of a hundredth of a cell, so that no point lies on an edge.
        .map(([x, y]) => point((x + 0.5) / 100, (y + 0.5) / 10)),
    );
    fc.assert(
      fc.property(points, (all) => {
        const cells = densityCells(all, extent);
        expect(cells.reduce((sum, { count }) => sum + count, 0)).toBe(all.length);
        for (const { x, y, width, height, count } of cells) {
          const held = all.filter((p) => p.x > x && p.x < x + width && p.y > y && p.y < y + height);
          expect(held).toHaveLength(count);
        }
      }),
    );
  });
});
