import { describe, expect, it } from "@jest/globals";
import type { Panel } from "./schema.ts";
import { placeOf, sectionsOf } from "./sections.ts";

const panel = (id: number, x: number, y: number, more: Partial<Panel> = {}): Panel => ({
  id,
  type: "stat",
  gridPos: { x, y, w: 6, h: 4 },
  ...more,
});
const ids = (panels: readonly Panel[]) => panels.map(({ id }) => id);

describe("sectionsOf", () => {
  it("sorts panels by their place, whatever their order in the file", () => {
    const [section] = sectionsOf([panel(1, 6, 4), panel(2, 0, 4), panel(3, 12, 0)]);
    expect(ids(section!.panels)).toEqual([3, 2, 1]);
    expect(section!.row).toBeUndefined();
  });

  it("gives the panels below an open row to it, and to a folded one those it stores", () => {
    const sections = sectionsOf([
      panel(1, 0, 0),
      panel(2, 0, 4, { type: "row", collapsed: false, panels: [] }),
      panel(3, 0, 5),
      panel(4, 0, 9, { type: "row", collapsed: true, panels: [panel(5, 0, 10)] }),
    ]);
    expect(sections.map(({ row }) => row?.id)).toEqual([undefined, 2, 4]);
    expect(sections.map(({ panels }) => ids(panels))).toEqual([[1], [3], [5]]);
  });

  it("has no section for a dashboard without panels", () => {
    expect(sectionsOf([])).toEqual([]);
  });
});

describe("placeOf", () => {
  it("keeps a panel inside the 24 columns", () => {
    expect(placeOf(panel(1, 20, 0, { gridPos: { x: 20, y: 1, w: 30, h: 0 } }))).toEqual({
      x: 0,
      y: 1,
      w: 24,
      h: 1,
    });
    expect(placeOf(panel(1, 0, 0, { gridPos: { x: 22, y: 0, w: 6, h: 4 } })).x).toBe(18);
  });

  it("gives a place to a panel that has none", () => {
    expect(placeOf({ id: 1, type: "stat" })).toEqual({ x: 0, y: 0, w: 12, h: 8 });
  });
});
