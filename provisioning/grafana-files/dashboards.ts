import type { DashboardParts, NamedDashboard } from "./headroom-dashboard.ts";
import { loadTest } from "./load-test.ts";
import { operations } from "./operations.ts";
import { overview } from "./overview.ts";
import { sentiment } from "./sentiment.ts";
import { statusAnalyses } from "./status.ts";

/** Every dashboard, each with its own uid. */
export function dashboards(parts: DashboardParts): readonly NamedDashboard[] {
  return [overview, sentiment, statusAnalyses, loadTest, operations].map((make) => make(parts));
}
