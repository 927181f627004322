import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Bound } from "../limit.ts";
import { type CountedCell, messageGrid } from "./message-grid.ts";

const band: Bound = { bound: "band", lower: 1, upper: 2 };
const lower: Bound = { bound: "lower", lower: 0.5 };
const limits = { x: [band], y: [lower] };
const cell = (x: number, y: number, count: number): CountedCell => ({ x, y, count });

/** Every cell of a grid with an edge on each limit. */
const grid = (count: (x: number, y: number) => number) =>
  [0.5, 1, 1.5, 2, Infinity].flatMap((x) => [0.5, 1].map((y) => cell(x, y, count(x, y))));

describe("messageGrid", () => {
  it("counts the messages of the cells that every limit allows", () => {
    const found = messageGrid(
      grid((x, y) => (x === 1.5 && y === 1 ? 60 : x === 0.5 && y === 0.5 ? 40 : 0)),
      limits,
    );
    expect(found.messages).toBe(100);
    expect(found.insideShare).toBe(0.6);
    expect(found.cells.map(({ inside }) => inside)).toEqual([false, true]);
  });

  it("draws a cell between its edges, and one without end as wide as the one before it", () => {
    const found = messageGrid(
      grid((x) => (x > 1.5 ? 1 : 0)),
      limits,
    );
    expect(found.cells.map(({ x, width, inside }) => [x, width, inside])).toEqual([
      [1.5, 0.5, false],
      [1.5, 0.5, true],
      [2, 0.5, false],
      [2, 0.5, false],
    ]);
  });

  it("has the same extent whatever was counted", () => {
    const empty = messageGrid(
      grid(() => 0),
      limits,
    );
    expect(empty).toMatchObject({ messages: 0, insideShare: NaN, cells: [] });
    expect(empty.extent).toEqual({ x: [0, 2.5], y: [0, 1] });
    expect(messageGrid(grid(Math.max), limits).extent).toEqual(empty.extent);
  });

  it("adds up series of the same cell, and knows no share without a limit", () => {
    const found = messageGrid([cell(1, 1, 2), cell(1, 1, 3), cell(2, 1, 0)], { x: [], y: [] });
    expect(found.cells.map(({ count }) => count)).toEqual([5]);
    expect(found).toMatchObject({ messages: 5, insideShare: NaN });
  });

  it("loses no message, and every cell lies within the extent", () => {
    const edge = fc.oneof(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.constant(Infinity));
    const cells = fc.array(fc.record({ x: edge, y: edge, count: fc.nat(1_000) }), { minLength: 1 });
    fc.assert(
      fc.property(cells, (counted) => {
        const found = messageGrid(counted, limits);
        const all = counted.reduce((sum, { count }) => sum + count, 0);
        expect(found.messages).toBe(all);
        expect(found.cells.reduce((sum, { count }) => sum + count, 0)).toBe(all);
        for (const { x, width } of found.cells) {
          expect(x).toBeGreaterThanOrEqual(found.extent.x[0]);
          expect(x + width).toBeLessThanOrEqual(found.extent.x[1] + 1e-6);
        }
      }),
    );
  });
});
