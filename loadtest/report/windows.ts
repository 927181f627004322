import { isBroken } from "../../alerts/headroom.ts";
import { limit, type Limit } from "../../alerts/limits.ts";
import { quantile, since } from "./histogram.ts";
import type { Snapshot } from "./snapshot.ts";

/** What happened to the messages between two readings of the exporter's metrics. */
export interface Window {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  /** Messages answered each second. */
  readonly messagesPerSecond: number;
  /** 95th percentile of the request times in seconds; NaN without requests. */
  readonly p95Seconds: number;
  /** Share of requests that were not answered; 0 without requests. */
  readonly errorRatio: number;
}

/** The fastest window in which every limit held, and the first in which one broke. */
export interface Saturation {
  readonly messagesPerSecond: number;
  readonly atSeconds: number;
  readonly brokenBy?: { readonly title: string; readonly atSeconds: number };
}

/** A window this long, in seconds, evens out single slow batches. */
const WINDOW_SECONDS = 5;

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0);

/** Growth of a counter; after a restart the counter itself. */
const grown = (later = 0, earlier = 0): number => (later < earlier ? later : later - earlier);

/** What happened between two snapshots. */
export function windowBetween(earlier: Snapshot, later: Snapshot): Window {
  const seconds = later.atSeconds - earlier.atSeconds;
  const requests = grown(sum(later.requests), sum(earlier.requests));
  const answered = grown(later.requests["ok"], earlier.requests["ok"]);
  const times = later.requestDuration && since(later.requestDuration, earlier.requestDuration);
  return {
    fromSeconds: earlier.atSeconds,
    toSeconds: later.atSeconds,
    messagesPerSecond: grown(sum(later.messages), sum(earlier.messages)) / seconds,
    p95Seconds: times ? quantile(times, 0.95) : Number.NaN,
    errorRatio: requests === 0 ? 0 : 1 - answered / requests,
  };
}

/** The snapshots at both ends of the last so many seconds; undefined with fewer than two. */
export function lastSeconds(
  snapshots: readonly Snapshot[],
  seconds: number,
): readonly [first: Snapshot, last: Snapshot] | undefined {
  const last = snapshots.at(-1);
  const first = last && snapshots.find((s) => s.atSeconds >= last.atSeconds - seconds);
  return last && first && first !== last ? [first, last] : undefined;
}

/** The window that ends with the last snapshot; undefined with fewer than two. */
export function lastWindow(snapshots: readonly Snapshot[]): Window | undefined {
  const ends = lastSeconds(snapshots, WINDOW_SECONDS);
  return ends && windowBetween(...ends);
}

/** The rate at which the first limit breaks, from all windows of a run with a rising rate. */
export function saturationOf(snapshots: readonly Snapshot[]): Saturation | undefined {
  const windows = snapshots
    .map((_, i) => lastWindow(snapshots.slice(0, i + 1)))
    .filter((window) => window !== undefined);
  const exceeded = (window: Window): Limit | undefined =>
    [
      { limit: limit("latency_p95", "warning"), value: window.p95Seconds },
      { limit: limit("error_ratio", "critical"), value: window.errorRatio },
    ].find(({ limit, value }) => isBroken(limit, value))?.limit;
  const firstBroken = windows.find(exceeded);
  const best = windows
    .filter((window) => !exceeded(window))
    .reduce<Window | undefined>(
      (a, b) => (a && a.messagesPerSecond >= b.messagesPerSecond ? a : b),
      undefined,
    );
  if (!best) return undefined;
  return {
    messagesPerSecond: best.messagesPerSecond,
    atSeconds: best.toSeconds,
    ...(firstBroken && {
      brokenBy: { title: exceeded(firstBroken)!.title, atSeconds: firstBroken.toSeconds },
    }),
  };
}
