import { bucketOf, estimate, meanOf, observations, since } from "./histogram.ts";
import type { Bucket, Estimate, Histogram } from "./histogram.ts";
import type { SentimentFigures } from "./k6-figures.ts";
import { grownBy, type Snapshot } from "./snapshot.ts";

/** A time by its mean and its 95th percentile, in seconds. */
export interface Time {
  readonly mean: number;
  readonly p95: Estimate;
}

/** Whether the client's P95 and the server's are one figure, as far as a histogram can tell. */
export interface Agreement {
  /** Null when it cannot tell: the server's lies beyond the edges, and the client's near or there. */
  readonly agrees: boolean | null;
  /** Client's less server's, in seconds; at least so far apart when the server's lies beyond. */
  readonly differenceSeconds: number;
  /** Width of the widest bucket with an end that holds one of them, in seconds. */
  readonly allowedSeconds: number;
}

/** The numbers of the messages: what k6 counted, and what the exporter's metrics add to it. */
export interface SentimentMeasurements extends SentimentFigures {
  /** What well-meant requests did not get, as a share of them; NaN without any. */
  readonly errorRatio: number;
  /** Answered ones. */
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
}

const timeOf = (histogram: Histogram): Time => ({
  mean: meanOf(histogram),
  p95: estimate(histogram, 0.95),
});

const width = ({ lower, upper }: Bucket): number => upper - lower;

function compare(client: number, requests: Histogram): Agreement {
  const server = estimate(requests, 0.95);
  const buckets = [bucketOf(requests, client), bucketOf(requests, server.value)];
  const allowed = Math.max(0, ...buckets.map(width).filter(Number.isFinite));
  const difference = client - server.value;
  // A server's P95 that is only known to be more is never the same as the client's.
  const isFar = server.isLeast ? difference < -allowed : Math.abs(difference) > allowed;
  return {
    agrees: isFar ? false : server.isLeast ? null : true,
    differenceSeconds: difference,
    allowedSeconds: allowed,
  };
}

/**
 * Turns what is known of the messages into numbers.
 *
 * @param seconds - the time over which rates are taken
 */
export function measureSentiment(
  figures: SentimentFigures,
  seconds: number,
  before: Snapshot,
  after: Snapshot,
): SentimentMeasurements {
  const grown = (pick: (snapshot: Snapshot) => Histogram | undefined): Histogram | undefined => {
    const later = pick(after);
    const delta = later && since(later, pick(before));
    return delta && observations(delta) > 0 ? delta : undefined;
  };
  const request = grown((s) => s.requestDuration);
  const queueWait = grown((s) => s.queueWait);
  const batch = grown((s) => s.batchDuration);
  const batchSize = grown((s) => s.batchSize);
  return {
    ...figures,
    errorRatio: figures.failed / figures.wellMeant,
    messagesPerSecond: figures.messages.answered / seconds,
    requestsPerSecond: figures.requests / seconds,
    server: {
      ...(request && { request: timeOf(request) }),
      ...(queueWait && { queueWait: timeOf(queueWait) }),
      ...(batch && { batch: timeOf(batch) }),
      ...(batchSize && { batchSize: meanOf(batchSize) }),
      outcomes: grownBy(after.requests, before.requests),
    },
    ...(request &&
      Number.isFinite(figures.latency.p95) && {
        agreement: compare(figures.latency.p95, request),
      }),
    cache: {
      hitRate: figures.messages.cached / figures.messages.answered,
      lookUps: grownBy(after.cacheRequests, before.cacheRequests),
    },
  };
}
