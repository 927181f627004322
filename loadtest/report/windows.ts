import { isBroken } from "../../alerts/headroom.ts";
import { errorRatio, EXCLUDED_OUTCOMES, limit, type Limit, LIMITS } from "../../alerts/limits.ts";
import { EVIDENCE } from "../../alerts/rules/evidence.ts";
import { PACE } from "../../alerts/rules/pace.ts";
import {
  estimate,
  type Estimate,
  type Histogram,
  meanOf,
  observations,
  since,
  UNKNOWN,
} from "./histogram.ts";
import { grownBy, type Snapshot } from "./snapshot.ts";

/** See {@link windowBetween}. */
export type Window = ReturnType<typeof windowBetween>;

/** See {@link lastStatusWindow}. */
export type StatusWindow = NonNullable<ReturnType<typeof lastStatusWindow>>;

/** See {@link lastChatWindow}. */
export type ChatWindow = NonNullable<ReturnType<typeof lastChatWindow>>;

/** A window this long, in seconds, evens out single slow batches. */
const WINDOW_SECONDS = 5;

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0);

function believedP95(later: Histogram | undefined, earlier: Histogram | undefined): Estimate {
  const between = later && since(later, earlier);
  return between && observations(between) >= EVIDENCE.requests ? estimate(between, 0.95) : UNKNOWN;
}

function believedMean(later: Histogram | undefined, earlier: Histogram | undefined): number {
  const between = later && since(later, earlier);
  return between && observations(between) >= EVIDENCE.messages ? meanOf(between) : Number.NaN;
}

function believedErrorRatio(requests: Readonly<Record<string, number>>): number {
  const excluded = EXCLUDED_OUTCOMES.reduce((all, outcome) => all + (requests[outcome] ?? 0), 0);
  return sum(requests) - excluded >= EVIDENCE.requests ? errorRatio(requests) : Number.NaN;
}

/**
 * What happened to the messages between two readings of the exporter's metrics. What has too little
 * evidence is NaN, as the rules have no value for it either; see `EVIDENCE`.
 */
export function windowBetween(earlier: Snapshot, later: Snapshot) {
  const seconds = later.atSeconds - earlier.atSeconds;
  return {
    toSeconds: later.atSeconds,
    /** Messages answered each second. */
    messagesPerSecond: sum(grownBy(later.messages, earlier.messages)) / seconds,
    /** Of the request times, in seconds. */
    p95: believedP95(later.requestDuration, earlier.requestDuration),
    /** What well-meant requests did not get, as a share of them. */
    errorRatio: believedErrorRatio(grownBy(later.requests, earlier.requests)),
    /** Mean of the attributions, in nats. */
    entropy: believedMean(later.entropy, earlier.entropy),
    /** Mean Gini index of the attributions. */
    sparsity: believedMean(later.sparsity, earlier.sparsity),
  };
}

/** The snapshots at both ends of the last so many seconds; undefined with fewer than two. */
function lastSeconds(
  snapshots: readonly Snapshot[],
  seconds: number,
): readonly [first: Snapshot, last: Snapshot] | undefined {
  const last = snapshots.at(-1);
  const first = last && snapshots.find((s) => s.atSeconds >= last.atSeconds - seconds);
  return last && first && first !== last ? [first, last] : undefined;
}

/**
 * The streamed answers until the last snapshot; undefined with fewer than two. Generation takes long, so this
 * looks back as far as the rules do.
 */
export function lastChatWindow(snapshots: readonly Snapshot[]) {
  const ends = lastSeconds(snapshots, PACE.windowSeconds);
  if (!ends) return undefined;
  const [first, last] = ends;
  const requests = grownBy(last.chatRequests, first.chatRequests);
  return {
    /** Since the first reading. */
    answers: grownBy(last.chatRequests, snapshots[0]?.chatRequests ?? {})["ok"] ?? 0,
    firstToken: believedP95(last.firstToken, first.firstToken),
    outputToken: believedP95(last.outputToken, first.outputToken),
    errorRatio: believedErrorRatio(requests),
  };
}

/** The window that ends with the last snapshot; undefined with fewer than two. */
export function lastWindow(snapshots: readonly Snapshot[]): Window | undefined {
  const ends = lastSeconds(snapshots, WINDOW_SECONDS);
  return ends && windowBetween(...ends);
}

/**
 * The status answers until the last snapshot; undefined with fewer than two. They are few, so this
 * looks back as far as the rules do. A P95 is in seconds, and NaN with too few answers.
 */
export function lastStatusWindow(snapshots: readonly Snapshot[]) {
  const ends = lastSeconds(snapshots, PACE.windowSeconds);
  if (!ends) return undefined;
  const [first, last] = ends;
  const sinceStart = grownBy(last.statusRequests, snapshots[0]?.statusRequests ?? {});
  return {
    /** Since the first reading. */
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

/**
 * The rate at which the first limit breaks, from all windows of a run with a rising rate: the fastest
 * window in which every limit held, and the first in which one broke.
 */
export function saturationOf(snapshots: readonly Snapshot[], limits: readonly Limit[] = LIMITS) {
  const windows = snapshots
    .map((_, i) => lastWindow(snapshots.slice(0, i + 1)))
    .filter((window) => window !== undefined);
  const exceeded = (window: Window): Limit | undefined =>
    [
      { limit: limit("latency_p95", "warning", limits), value: window.p95.value },
      { limit: limit("error_ratio", "warning", limits), value: window.errorRatio },
    ].find(({ limit, value }) => isBroken(limit, value))?.limit;
  const [best] = windows
    .filter((window) => !exceeded(window))
    .sort((a, b) => b.messagesPerSecond - a.messagesPerSecond);
  if (!best) return undefined;
  const broken = windows.find(exceeded);
  return {
    messagesPerSecond: best.messagesPerSecond,
    atSeconds: best.toSeconds,
    ...(broken && {
      brokenBy: { title: exceeded(broken)!.title, atSeconds: broken.toSeconds },
    }),
  };
}
