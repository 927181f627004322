import type { GridPosition, Panel } from "./schema.ts";

/** A row with the panels that belong to it; the first section may have panels without a row. */
export interface Section {
  readonly row: Panel | undefined;
  readonly panels: readonly Panel[];
}

/** What a panel without a place gets. */
const ANYWHERE: GridPosition = { x: 0, y: 0, w: 12, h: 8 };

/** A panel's place on the grid, kept inside the 24 columns. */
export function placeOf({ gridPos }: Panel): GridPosition {
  const { x, y, w, h } = { ...ANYWHERE, ...gridPos };
  const width = Math.min(24, Math.max(1, w));
  return {
    x: Math.min(Math.max(0, x), 24 - width),
    y: Math.max(0, y),
    w: width,
    h: Math.max(1, h),
  };
}

/**
 * Sorts panels by place and gives each to the row above it. A collapsed row holds its panels itself,
 * an open one is followed by them.
 */
export function sectionsOf(panels: readonly Panel[]): readonly Section[] {
  const sections: { row: Panel | undefined; panels: Panel[] }[] = [];
  for (const panel of [...panels].sort(byPlace)) {
    if (panel.type === "row") {
      sections.push({ row: panel, panels: [...(panel.panels ?? [])].sort(byPlace) });
    } else {
      if (sections.length === 0) sections.push({ row: undefined, panels: [] });
      sections.at(-1)!.panels.push(panel);
    }
  }
  return sections;
}

function byPlace(a: Panel, b: Panel): number {
  const [p, q] = [placeOf(a), placeOf(b)];
  return p.y - q.y || p.x - q.x;
}
