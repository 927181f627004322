import { graphPanels } from "./graphs.ts";
import type { DashboardParts, NamedDashboard } from "./headroom-dashboard.ts";
import { headroomDashboard } from "./headroom-dashboard.ts";
import { lanesPanel } from "./limits-panel.ts";
import { SENTIMENT_GRAPHS } from "./sentiment-graphs.ts";
import { ERRORS } from "./words.ts";

/** The limits that sentiment requests are held against. */
const OWN = ["latency_p95", "error_ratio", "attribution_entropy", "attribution_sparsity"];

/** Sentiment requests from the queue to the label: speed, errors, batches, attributions, cache. */
export function sentiment(parts: DashboardParts): NamedDashboard {
  const lanes = lanesPanel(
    parts.limits.filter(({ id }) => OWN.includes(id)),
    parts.runbooks,
    {
      title: "Distance to the limits of sentiment",
      description:
        `Latency in seconds (P95 over the last minute), errors as a share (${ERRORS}), ` +
        "attribution entropy in nats and sparsity as a Gini index from 0 to 1, by method.",
    },
  );
  return headroomDashboard({
    uid: "headroom-sentiment",
    title: "Headroom: sentiment",
    description: parts.origin,
    rows: [
      { height: 14, panels: [lanes] },
      ...SENTIMENT_GRAPHS.map((row) => ({ height: 8, panels: graphPanels(row, parts) })),
    ],
  });
}
