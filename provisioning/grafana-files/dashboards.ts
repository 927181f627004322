import { limitsFor } from "@headroom/alerts/limits";
import { alertsOf, ruleGroups } from "@headroom/alerts/rules/index";
import { gigabytes } from "@headroom/alerts/rules/wording";
import { GENERATED_WORDS } from "../differences.ts";
import type { NamedDashboard } from "./dashboard.ts";
import { loadTest } from "./load-test.ts";
import { operations } from "./operations.ts";
import { overview } from "./overview.ts";
import { runbooksOf } from "./runbooks.ts";
import { sentiment } from "./sentiment.ts";
import { statusAnalyses } from "./status.ts";

/** Where the limits of a machine come from, in a sentence. */
export const originOf = (memoryBytes: number): string =>
  `Limits come from alerts/limits.ts, for machines with up to ${gigabytes(memoryBytes)} of memory.`;

/**
 * Every dashboard, each with its own uid.
 *
 * @param settings - memory of the machine in bytes; where runbooks are served and Grafana is opened
 */
export function dashboards(settings: {
  readonly memoryBytes: number;
  readonly runbooks: string;
  readonly dashboards: string;
}): readonly NamedDashboard[] {
  const { memoryBytes, ...addresses } = settings;
  const limits = limitsFor(memoryBytes);
  const runbooks = runbooksOf(alertsOf(ruleGroups({ limits, ...addresses })));
  const origin = `${GENERATED_WORDS} ${originOf(memoryBytes)}`;
  return [overview, sentiment, statusAnalyses, loadTest, operations].map((make) =>
    make({ limits, runbooks, origin }),
  );
}
