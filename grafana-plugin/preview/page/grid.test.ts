import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { type Box, layOut, ONE_COLUMN_BELOW } from "./grid.ts";
import type { GridPosition } from "./server-api.ts";

/** Rows of panels, each filled from the left, that overlap nowhere. */
const places = fc
  .array(
    fc.record({
      height: fc.integer({ min: 1, max: 20 }),
      widths: fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 3 }),
    }),
    { maxLength: 8 },
  )
  .map((rows) => {
    let y = 0;
    return rows.flatMap(({ height, widths }) => {
      let x = 0;
      const row = widths.map((w): GridPosition => ({ x: (x += w) - w, y, w, h: height }));
      y += height;
      return row;
    });
  });
const widths = fc.integer({ min: 320, max: 2_560 });

const overlap = (a: Box, b: Box) =>
  a.left < b.left + b.width &&
  b.left < a.left + a.width &&
  a.top < b.top + b.height &&
  b.top < a.top + a.height;

describe("layOut", () => {
  it("places panels as Grafana does: 24 columns, rows of 30 px, gaps of 8 px", () => {
    const { boxes, height } = layOut(
      [
        { x: 0, y: 0, w: 12, h: 8 },
        { x: 12, y: 0, w: 12, h: 4 },
        { x: 12, y: 4, w: 12, h: 4 },
      ],
      1_192,
    );
    expect(boxes).toEqual([
      { left: 0, top: 0, width: 592, height: 296 },
      { left: 600, top: 0, width: 592, height: 144 },
      { left: 600, top: 152, width: 592, height: 144 },
    ]);
    expect(height).toBe(296);
  });

  it("has one column on a narrow page", () => {
    const { boxes } = layOut(
      [
        { x: 0, y: 0, w: 4, h: 4 },
        { x: 4, y: 0, w: 4, h: 2 },
      ],
      ONE_COLUMN_BELOW - 1,
    );
    expect(boxes.map(({ width }) => width)).toEqual([767, 767]);
    expect(boxes.map(({ top }) => top)).toEqual([0, 152]);
  });

  it("never lets panels overlap or leave the page", () => {
    fc.assert(
      fc.property(places, widths, (all, width) => {
        const { boxes, height } = layOut(all, width);
        for (const [index, box] of boxes.entries()) {
          expect(boxes.slice(0, index).some((other) => overlap(box, other))).toBe(false);
          expect(box.left).toBeGreaterThanOrEqual(0);
          expect(box.left + box.width).toBeLessThanOrEqual(width + 1);
          expect(box.top + box.height).toBeLessThanOrEqual(height);
        }
      }),
    );
  });

  it("is 0 high without panels", () => {
    expect(layOut([], 1_000)).toEqual({ boxes: [], height: 0 });
  });
});
