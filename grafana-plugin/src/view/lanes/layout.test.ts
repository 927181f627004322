import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { lanesWithRoom, layoutLanes } from "./layout.ts";

describe("layoutLanes", () => {
  it("puts figures, chart and facts in a row where there is room", () => {
    const layout = layoutLanes(1_000, 400, 4);
    expect(layout.shape).toBe("wide");
    expect(layout.laneHeight).toBe(100);
    expect(layout.chartWidth).toBeGreaterThan(450);
  });

  it("puts the chart below the figures in a narrow panel", () => {
    const layout = layoutLanes(400, 400, 2);
    expect(layout.shape).toBe("narrow");
    expect(layout.chartWidth).toBeGreaterThan(350);
  });

  it("gives each lane one line in a low panel", () => {
    expect(layoutLanes(1_000, 120, 8)).toEqual({
      shape: "line",
      laneHeight: 34,
      chartWidth: 0,
      chartHeight: 0,
      headWidth: 1_000,
      factsWidth: 0,
    });
  });

  it("keeps lanes readable when there are too many, so that the panel scrolls", () => {
    expect(layoutLanes(1_000, 400, 50).laneHeight).toBe(70);
    const told = { hasAlert: true, actionLength: 0, nameLength: 12 };
    expect(layoutLanes(720, 400, 50, told).laneHeight).toBe(92);
    expect(layoutLanes(720, 400, 50, { ...told, nameLength: 40 }).laneHeight).toBe(110);
    const { laneHeight } = layoutLanes(720, 400, 50, { ...told, actionLength: 100 });
    expect(laneHeight).toBeGreaterThan(92);
    expect(lanesWithRoom(720, 3 * laneHeight, { ...told, actionLength: 100 })).toBe(3);
  });

  it("never overflows in width, and has room for a chart whenever it draws one", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 200, max: 4_000 }),
        fc.integer({ min: 0, max: 2_000 }),
        fc.integer({ min: 0, max: 200 }),
        (width, height, count) => {
          const { shape, chartWidth, chartHeight, laneHeight } = layoutLanes(width, height, count);
          expect(chartWidth).toBeLessThanOrEqual(width);
          expect(chartHeight).toBeLessThan(laneHeight);
          expect(chartHeight >= 50).toBe(shape !== "line");
        },
      ),
    );
  });
});
