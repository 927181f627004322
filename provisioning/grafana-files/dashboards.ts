import { basename } from "node:path";
import type { Limit } from "@headroom/alerts/limits";
import { alertsOf, ruleGroups } from "@headroom/alerts/rules/index";
import { gigabytes } from "@headroom/alerts/rules/wording";
import { GENERATED_WORDS } from "../differences.ts";
import { chatModels } from "./chat.ts";
import type { NamedDashboard } from "./dashboard.ts";
import { fleet } from "./fleet.ts";
import { loadTest } from "./load-test.ts";
import { operations } from "./operations.ts";
import { overview } from "./overview.ts";
import { runbooksOf } from "./runbooks.ts";
import { sentiment } from "./sentiment.ts";
import { statusDashboard } from "./status.ts";

/** Where the limits of a machine come from, in a sentence. */
export function originOf(memoryBytes: number, limitsFile?: string): string {
  const files = ["alerts/limits.ts", ...(limitsFile === undefined ? [] : [basename(limitsFile)])];
  return (
    `Limits come from ${files.join(" and ")}, for machines with up to ${gigabytes(memoryBytes)} ` +
    "of memory."
  );
}

/**
 * Every dashboard, each with its own uid.
 *
 * @param settings - the limits and where they come from; where runbooks are served and Grafana is opened
 */
export function dashboards({
  limits,
  origin,
  ...addresses
}: {
  readonly limits: readonly Limit[];
  readonly origin: string;
  readonly runbooks: string;
  readonly dashboards: string;
}): readonly NamedDashboard[] {
  const runbooks = runbooksOf(alertsOf(ruleGroups({ limits, ...addresses })));
  return [overview, fleet, sentiment, statusDashboard, chatModels, loadTest, operations].map(
    (make) =>
      make({
        limits,
        runbooks,
        runbooksAt: addresses.runbooks,
        origin: `${GENERATED_WORDS} ${origin}`,
      }),
  );
}
