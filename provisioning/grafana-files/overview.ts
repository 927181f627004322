import { figurePanels } from "./figures.ts";
import { graphPanels } from "./graphs.ts";
import type { DashboardParts, NamedDashboard } from "./headroom-dashboard.ts";
import { headroomDashboard } from "./headroom-dashboard.ts";
import { lanesPanel, qualityMapPanel } from "./limits-panel.ts";
import { overviewFigures } from "./overview-figures.ts";
import { OVERVIEW_GRAPHS } from "./overview-graphs.ts";
import { LATENCY } from "./shared-graphs.ts";
import { ERRORS } from "./words.ts";

/** Every limit, the quality of the attributions, six figures and the graphs behind them. */
export function overview(parts: DashboardParts): NamedDashboard {
  const { limits, runbooks, origin } = parts;
  return headroomDashboard({
    uid: "headroom-overview",
    title: "Headroom",
    description: origin,
    rows: [
      {
        height: 16,
        panels: [
          lanesPanel(limits, runbooks, {
            title: "Distance to every limit",
            description:
              "Each measure against its limits, nearest first: memory in bytes, times in seconds " +
              `(P95 over the last minute), errors as a share (${ERRORS}), ` +
              "attribution entropy in nats and sparsity as a Gini index from 0 to 1.",
          }),
        ],
      },
      { height: 4, panels: figurePanels(overviewFigures(runbooks), parts) },
      {
        height: 10,
        panels: [qualityMapPanel(limits, runbooks), ...graphPanels([LATENCY], parts)],
      },
      ...OVERVIEW_GRAPHS.map((row) => ({ height: 8, panels: graphPanels(row, parts) })),
    ],
  });
}
