import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import type { GridPos, Panel } from "@grafana/grafana-foundation-sdk/dashboard";

/** A panel that has no place yet. */
export type PanelMaker = Builder<Panel> & {
  id(id: number): unknown;
  gridPos(at: GridPos): unknown;
};

/** Panels of one height that share the width of the dashboard. */
export interface Row {
  /** In units of Grafana's grid: 30 pixels and a gap of 8. */
  readonly height: number;
  /** As many as divide the 24 columns. */
  readonly panels: readonly PanelMaker[];
}

/** Columns of Grafana's grid. */
const COLUMNS = 24;

/** Numbers the panels from 1 and shares the width of each row among its own. */
export function placed(rows: readonly Row[]): readonly PanelMaker[] {
  const all: PanelMaker[] = [];
  let y = 0;
  for (const { height, panels } of rows) {
    const width = Math.floor(COLUMNS / panels.length);
    panels.forEach((panel, i) => {
      panel.gridPos({ x: i * width, y, w: width, h: height });
      all.push(panel);
      panel.id(all.length);
    });
    y += height;
  }
  return all;
}
