import { figurePanels } from "./figures.ts";
import { graphPanels } from "./graphs.ts";
import type { DashboardParts, NamedDashboard } from "./headroom-dashboard.ts";
import { headroomDashboard } from "./headroom-dashboard.ts";
import { LOAD_FIGURES } from "./load-test-figures.ts";
import { BOTH_SIDES, LOAD_GRAPHS } from "./load-test-graphs.ts";

/** A load run as k6 and the exporter see it, side by side. */
export function loadTest(parts: DashboardParts): NamedDashboard {
  return headroomDashboard({
    uid: "headroom-load",
    title: "Headroom: load test",
    description: parts.origin,
    rows: [
      { height: 4, panels: figurePanels(LOAD_FIGURES, parts) },
      ...[...BOTH_SIDES, ...LOAD_GRAPHS].map((row) => ({
        height: 8,
        panels: graphPanels(row, parts),
      })),
    ],
  });
}
