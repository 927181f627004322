import type { StatusScenario } from "@headroom/alerts/limits";
import { PACE } from "@headroom/alerts/rules/pace";
import type { Estimate } from "./histogram.ts";
import { grownBy, type Snapshot } from "./snapshot.ts";
import { believedP95, lastSeconds } from "./windows.ts";

/** How the status answers stand. */
export interface StatusWindow {
  /** Answers since the first reading. */
  readonly answers: number;
  /** 95th percentile of the last answers' times in seconds; NaN with too few of them. */
  readonly p95: Estimate;
  /** The same by analysis. */
  readonly p95ByScenario: ReadonlyMap<StatusScenario, Estimate>;
}

/** Status questions are few, so this looks back as far as the rules do. */
const WINDOW_SECONDS = PACE.windowSeconds;

/** The status answers until the last snapshot; undefined with fewer than two snapshots. */
export function lastStatusWindow(snapshots: readonly Snapshot[]): StatusWindow | undefined {
  const ends = lastSeconds(snapshots, WINDOW_SECONDS);
  if (!ends) return undefined;
  const [first, last] = ends;
  const sinceStart = grownBy(last.statusRequests, snapshots[0]?.statusRequests ?? {});
  return {
    answers: sinceStart["ok"] ?? 0,
    p95: believedP95(last.statusDuration, first.statusDuration),
    p95ByScenario: new Map(
      [...last.statusDurations].map(([scenario, later]) => [
        scenario,
        believedP95(later, first.statusDurations.get(scenario)),
      ]),
    ),
  };
}
