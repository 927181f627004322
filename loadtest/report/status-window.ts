import type { StatusScenario } from "../../alerts/limits.ts";
import { observations, quantile, since, type Histogram } from "./histogram.ts";
import type { Snapshot } from "./snapshot.ts";
import { lastSeconds } from "./windows.ts";

/** How the status answers stand. */
export interface StatusWindow {
  /** Answers since the first reading. */
  readonly answers: number;
  /** 95th percentile of the last answers' times in seconds; NaN without answers. */
  readonly p95Seconds: number;
  /** The same by analysis, without those that were not answered lately. */
  readonly p95ByScenario: ReadonlyMap<StatusScenario, number>;
}

/** Status questions are few: a round of the reference mix takes 14 s at one a second. */
const WINDOW_SECONDS = 15;

/** Growth of a histogram that may not be there. */
const grown = (later: Histogram | undefined, earlier: Histogram | undefined) =>
  later && since(later, earlier);

/** The status answers until the last snapshot; undefined with fewer than two snapshots. */
export function lastStatusWindow(snapshots: readonly Snapshot[]): StatusWindow | undefined {
  const ends = lastSeconds(snapshots, WINDOW_SECONDS);
  if (!ends) return undefined;
  const [first, last] = ends;
  const sinceStart = grown(last.statusDuration, snapshots[0]?.statusDuration);
  const lately = grown(last.statusDuration, first.statusDuration);
  const p95ByScenario = new Map<StatusScenario, number>();
  for (const [scenario, later] of last.statusDurations) {
    const p95 = quantile(since(later, first.statusDurations.get(scenario)), 0.95);
    if (Number.isFinite(p95)) p95ByScenario.set(scenario, p95);
  }
  return {
    answers: sinceStart ? observations(sinceStart) : 0,
    p95Seconds: lately ? quantile(lately, 0.95) : Number.NaN,
    p95ByScenario,
  };
}
