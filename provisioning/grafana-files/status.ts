import { graphPanels } from "./graphs.ts";
import type { DashboardParts, NamedDashboard } from "./headroom-dashboard.ts";
import { headroomDashboard } from "./headroom-dashboard.ts";
import { lanesPanel } from "./limits-panel.ts";
import { modelVariable } from "./model.ts";
import { STATUS_GRAPHS } from "./status-graphs.ts";
import { TIMED } from "./words.ts";

/** Status answers: their time against each target, what became of them, and the chat model. */
export function statusAnalyses(parts: DashboardParts): NamedDashboard {
  const lanes = lanesPanel(
    parts.limits.filter(({ id }) => id.startsWith("status_")),
    parts.runbooks,
    {
      title: "Distance to the target of each analysis",
      description: `Seconds, P95 of the last minute, by analysis. ${TIMED}`,
    },
  );
  return headroomDashboard({
    uid: "headroom-status",
    title: "Headroom: status analyses",
    description: parts.origin,
    variables: [modelVariable()],
    rows: [
      { height: 18, panels: [lanes] },
      ...STATUS_GRAPHS.map((row) => ({ height: 8, panels: graphPanels(row, parts) })),
    ],
  });
}
