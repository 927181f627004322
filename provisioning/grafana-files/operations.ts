import { figurePanels } from "./figures.ts";
import { graphPanels } from "./graphs.ts";
import type { DashboardParts, NamedDashboard } from "./headroom-dashboard.ts";
import { headroomDashboard } from "./headroom-dashboard.ts";
import { NAMES, operationsFigures } from "./operations-figures.ts";
import { OPERATIONS_GRAPHS } from "./operations-graphs.ts";

/** What whoever is on call looks at: alerts, saturation, memory, cache, the process itself. */
export function operations(parts: DashboardParts): NamedDashboard {
  return headroomDashboard({
    uid: "headroom-operations",
    title: "Headroom: operations",
    description: parts.origin,
    rows: [
      { height: 4, panels: figurePanels(operationsFigures(parts.runbooks), parts) },
      { height: 4, panels: figurePanels(NAMES, parts) },
      ...OPERATIONS_GRAPHS.map((row) => ({ height: 8, panels: graphPanels(row, parts) })),
    ],
  });
}
