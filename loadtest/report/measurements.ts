import type { Profile } from "../plan/profiles.ts";
import { bucketOf, meanOf, quantile, since, type Bucket, type Histogram } from "./histogram.ts";
import type { K6Figures } from "./k6-figures.ts";
import type { MemoryScope, Snapshot } from "./snapshot.ts";
import { saturationOf, type Saturation } from "./windows.ts";

/** A time by its mean and its 95th percentile, in seconds. */
export interface Time {
  readonly mean: number;
  readonly p95: number;
}

/** Whether the client's P95 and the server's are one figure, as far as a histogram can tell. */
export interface Agreement {
  readonly agrees: boolean;
  /** Client's less server's, in seconds. */
  readonly differenceSeconds: number;
  /** Width of the widest bucket that holds one of them, in seconds; null when it has no end. */
  readonly allowedSeconds: number | null;
}

/** The numbers of one run, before anything is made of them. */
export interface Measurements {
  /** Seconds over which rates are taken. */
  readonly seconds: number;
  /** False when the run was stopped before its time. */
  readonly complete: boolean;
  readonly k6: K6Figures;
  readonly messagesPerSecond: number;
  readonly requestsPerSecond: number;
  readonly server: {
    /** Absent when the exporter published no request times. */
    readonly request?: Time;
    readonly queueWait?: Time;
    readonly batch?: Time;
    /** Messages in a batch, mean. */
    readonly batchSize?: number;
    /** Requests by outcome during the run. */
    readonly outcomes: Readonly<Record<string, number>>;
  };
  readonly agreement?: Agreement;
  readonly cache: {
    /** Share of the answered messages that came from the cache. */
    readonly hitRate: number;
    /** Look-ups by tier and result during the run. */
    readonly lookUps: Readonly<Record<string, number>>;
  };
  readonly memory: {
    readonly peakBytes: Readonly<Partial<Record<MemoryScope, number>>>;
    readonly capacityBytes?: number;
  };
  /** Only for a rising rate. */
  readonly saturation?: Saturation;
}

/** What a run leaves behind. */
export interface Collected {
  readonly profile: Profile;
  readonly complete: boolean;
  readonly k6: K6Figures;
  /** In order; the first was taken before the load, the last after it. */
  readonly snapshots: readonly Snapshot[];
}

const difference = (
  later: Readonly<Record<string, number>>,
  earlier: Readonly<Record<string, number>>,
): Record<string, number> =>
  Object.fromEntries(
    Object.entries(later)
      .map(([key, value]): [string, number] => [key, value - (earlier[key] ?? 0)])
      .filter(([, value]) => value !== 0),
  );

const timeOf = (histogram: Histogram): Time => ({
  mean: meanOf(histogram),
  p95: quantile(histogram, 0.95),
});

const width = ({ lower, upper }: Bucket): number => upper - lower;

function compare(client: number, requests: Histogram): Agreement {
  const server = quantile(requests, 0.95);
  const allowed = Math.max(width(bucketOf(requests, client)), width(bucketOf(requests, server)));
  return {
    agrees: Math.abs(client - server) <= allowed,
    differenceSeconds: client - server,
    allowedSeconds: Number.isFinite(allowed) ? allowed : null,
  };
}

function peaks(snapshots: readonly Snapshot[]): Partial<Record<MemoryScope, number>> {
  const highest: Partial<Record<MemoryScope, number>> = {};
  for (const { memoryBytes } of snapshots) {
    for (const [scope, bytes] of Object.entries(memoryBytes) as [MemoryScope, number][]) {
      highest[scope] = Math.max(highest[scope] ?? 0, bytes);
    }
  }
  return highest;
}

/**
 * Turns what a run left behind into numbers.
 *
 * @throws RangeError when there is no snapshot
 */
export function measure({ profile, complete, k6, snapshots }: Collected): Measurements {
  const before = snapshots[0];
  const after = snapshots.at(-1);
  if (!before || !after) throw new RangeError("a run needs at least one reading of the metrics");
  // A constant rate is spread over the planned time; waiting for the last answers is not part of it.
  const seconds =
    complete && profile.arrival.kind === "constant" ? profile.durationSeconds : k6.seconds;
  const grown = (pick: (snapshot: Snapshot) => Histogram | undefined): Histogram | undefined => {
    const later = pick(after);
    const delta = later && since(later, pick(before));
    return delta && (delta.counts.at(-1) ?? 0) > 0 ? delta : undefined;
  };
  const request = grown((s) => s.requestDuration);
  const queueWait = grown((s) => s.queueWait);
  const batch = grown((s) => s.batchDuration);
  const batchSize = grown((s) => s.batchSize);
  const saturation = profile.arrival.kind === "rising" ? saturationOf(snapshots) : undefined;
  return {
    seconds,
    complete,
    k6,
    messagesPerSecond: k6.messages.answered / seconds,
    requestsPerSecond: k6.requests / seconds,
    server: {
      ...(request && { request: timeOf(request) }),
      ...(queueWait && { queueWait: timeOf(queueWait) }),
      ...(batch && { batch: timeOf(batch) }),
      ...(batchSize && { batchSize: meanOf(batchSize) }),
      outcomes: difference(after.requests, before.requests),
    },
    ...(request && k6.requests > 0 && { agreement: compare(k6.latency.p95, request) }),
    cache: {
      hitRate: k6.messages.cached / k6.messages.answered,
      lookUps: difference(after.cacheRequests, before.cacheRequests),
    },
    memory: {
      peakBytes: peaks(snapshots),
      ...(after.capacityBytes !== undefined && { capacityBytes: after.capacityBytes }),
    },
    ...(saturation && { saturation }),
  };
}
