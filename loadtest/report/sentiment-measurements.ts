import { bucketOf, meanOf, observations, quantile, since } from "./histogram.ts";
import type { Bucket, Histogram } from "./histogram.ts";
import type { SentimentFigures } from "./k6-figures.ts";
import { grownBy, type Snapshot } from "./snapshot.ts";

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

/** The numbers of the messages: what k6 counted, and what the exporter's metrics add to it. */
export interface SentimentMeasurements extends SentimentFigures {
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
    messagesPerSecond: figures.messages.answered / seconds,
    requestsPerSecond: figures.requests / seconds,
    server: {
      ...(request && { request: timeOf(request) }),
      ...(queueWait && { queueWait: timeOf(queueWait) }),
      ...(batch && { batch: timeOf(batch) }),
      ...(batchSize && { batchSize: meanOf(batchSize) }),
      outcomes: grownBy(after.requests, before.requests),
    },
    ...(request && figures.requests > 0 && { agreement: compare(figures.latency.p95, request) }),
    cache: {
      hitRate: figures.messages.cached / figures.messages.answered,
      lookUps: grownBy(after.cacheRequests, before.cacheRequests),
    },
  };
}
