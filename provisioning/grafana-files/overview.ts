import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import type { Dashboard, GridPos, Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import {
  DashboardBuilder,
  DashboardCursorSync,
  TimePickerBuilder,
} from "@grafana/grafana-foundation-sdk/dashboard";
import type { Limit } from "../../alerts/limits.ts";
import type { AlertingRule } from "../../alerts/rules/group.ts";
import { figurePanels } from "./figures.ts";
import { graphPanels } from "./graphs.ts";
import { instanceVariable } from "./instance.ts";
import { lanesPanel, qualityMapPanel } from "./limits-panel.ts";
import { runbooksOf } from "./runbooks.ts";

/** Identifier of the overview in Grafana's addresses. */
export const OVERVIEW_UID = "headroom-overview";

type PanelMaker = Builder<Panel> & { id(id: number): unknown; gridPos(at: GridPos): unknown };

/**
 * The overview in Grafana's dashboard JSON (schema version 1): every limit, the quality of the
 * attributions, six figures and the graphs behind them.
 */
export function overview(options: {
  readonly limits: readonly Limit[];
  /** The alerts whose runbooks are linked. */
  readonly alerts: readonly AlertingRule[];
  readonly description: string;
}): Dashboard {
  const { limits, description } = options;
  const runbooks = runbooksOf(options.alerts);
  const [p95, ...graphs] = graphPanels(limits, runbooks);
  const rows: readonly { readonly height: number; readonly panels: readonly PanelMaker[] }[] = [
    { height: 16, panels: [lanesPanel(limits, runbooks)] },
    { height: 4, panels: figurePanels(limits, runbooks) },
    { height: 10, panels: [qualityMapPanel(limits, runbooks), ...(p95 ? [p95] : [])] },
    { height: 8, panels: graphs.slice(0, 3) },
    { height: 8, panels: graphs.slice(3) },
  ];
  const dashboard = new DashboardBuilder("Headroom")
    .uid(OVERVIEW_UID)
    .description(description)
    .tags(["headroom"])
    .timezone("browser")
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: "now-15m", to: "now" })
    .refresh("5s")
    .timepicker(new TimePickerBuilder().refreshIntervals(["5s", "10s", "30s", "1m", "5m"]))
    .withVariable(instanceVariable());
  for (const panel of placed(rows)) dashboard.withPanel(panel);
  return dashboard.build();
}

/** Columns of Grafana's grid. */
const COLUMNS = 24;

/** Numbers the panels and shares the width of each row among its own. */
function placed(
  rows: readonly { readonly height: number; readonly panels: readonly PanelMaker[] }[],
): PanelMaker[] {
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
