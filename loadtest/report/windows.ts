import { isBroken } from "@headroom/alerts/headroom";
import { errorRatio, EXCLUDED_OUTCOMES, limit, type Limit } from "@headroom/alerts/limits";
import { EVIDENCE } from "@headroom/alerts/rules/evidence";
import { estimate, meanOf, observations, since, UNKNOWN } from "./histogram.ts";
import type { Estimate, Histogram } from "./histogram.ts";
import { grownBy, type Snapshot } from "./snapshot.ts";

/**
 * What happened to the messages between two readings of the exporter's metrics. What has too little
 * evidence is NaN, as the rules have no value for it either; see `EVIDENCE`.
 */
export interface Window {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  /** Messages answered each second. */
  readonly messagesPerSecond: number;
  /** 95th percentile of the request times in seconds. */
  readonly p95: Estimate;
  /** What well-meant requests did not get, as a share of them. */
  readonly errorRatio: number;
  /** Mean entropy of the attributions, in nats. */
  readonly entropy: number;
  /** Mean Gini index of the attributions. */
  readonly sparsity: number;
}

/** The fastest window in which every limit held, and the first in which one broke. */
export interface Saturation {
  readonly messagesPerSecond: number;
  readonly atSeconds: number;
  readonly brokenBy?: { readonly title: string; readonly atSeconds: number };
}

/** A window this long, in seconds, evens out single slow batches. */
const WINDOW_SECONDS = 5;

const sum = (counts: Readonly<Record<string, number>> | readonly number[]): number =>
  Object.values(counts).reduce((total, count) => total + count, 0);

/** The P95 of what was observed between two readings; unknown with too few observations. */
export function believedP95(later: Histogram | undefined, earlier: Histogram | undefined) {
  const between = later && since(later, earlier);
  return between && observations(between) >= EVIDENCE.requests ? estimate(between, 0.95) : UNKNOWN;
}

function believedMean(later: Histogram | undefined, earlier: Histogram | undefined): number {
  const between = later && since(later, earlier);
  return between && observations(between) >= EVIDENCE.messages ? meanOf(between) : Number.NaN;
}

function believedErrorRatio(requests: Readonly<Record<string, number>>): number {
  const excluded = EXCLUDED_OUTCOMES.map((outcome) => requests[outcome] ?? 0);
  const wellMeant = sum(requests) - sum(excluded);
  return wellMeant >= EVIDENCE.requests ? errorRatio(requests) : Number.NaN;
}

/** What happened between two snapshots. */
export function windowBetween(earlier: Snapshot, later: Snapshot): Window {
  const seconds = later.atSeconds - earlier.atSeconds;
  return {
    fromSeconds: earlier.atSeconds,
    toSeconds: later.atSeconds,
    messagesPerSecond: sum(grownBy(later.messages, earlier.messages)) / seconds,
    p95: believedP95(later.requestDuration, earlier.requestDuration),
    errorRatio: believedErrorRatio(grownBy(later.requests, earlier.requests)),
    entropy: believedMean(later.entropy, earlier.entropy),
    sparsity: believedMean(later.sparsity, earlier.sparsity),
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
      { limit: limit("latency_p95", "warning"), value: window.p95.value },
      { limit: limit("error_ratio", "warning"), value: window.errorRatio },
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
