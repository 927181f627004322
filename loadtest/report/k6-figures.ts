import { METRICS } from "../plan/thresholds.ts";

/** What k6 counted over the whole run. */
export interface K6Figures {
  /** How long the run took, in seconds. */
  readonly seconds: number;
  readonly requests: number;
  /** Requests without a 200 answer, refused ones included. */
  readonly failed: number;
  /** Requests answered with 503. */
  readonly refused: number;
  /** Iterations that could not start because every virtual user was still waiting. */
  readonly dropped: number;
  /** Iterations that ended with an exception. */
  readonly exceptions: number;
  readonly messages: { readonly sent: number; readonly answered: number; readonly cached: number };
  /** The request's time as the client sees it, in seconds. */
  readonly latency: Readonly<Record<"mean" | "p50" | "p90" | "p95" | "p99" | "max", number>>;
  readonly checks: readonly {
    readonly name: string;
    readonly passes: number;
    readonly fails: number;
  }[];
  readonly attribution: {
    readonly entropy: Quality;
    readonly sparsity: Quality;
    readonly undefined: number;
  };
}

/** One figure of attribution quality over all messages that have it. */
export interface Quality {
  readonly messages: number;
  /** NaN without messages. */
  readonly mean: number;
  /** Share of the messages within the limit; NaN without messages. */
  readonly inRange: number;
}

type Values = Readonly<Record<string, number>>;

/** The JSON that `lib/summary.ts` writes. */
interface SummaryFile {
  readonly seconds: number;
  readonly metrics: Readonly<Record<string, Values>>;
  readonly checks: K6Figures["checks"];
}

const NO_VALUES: Values = {};

/**
 * Reads the figures that a k6 script wrote at its end. Times become seconds.
 *
 * @throws SyntaxError when `json` is not such a summary
 */
export function readK6Figures(json: string): K6Figures {
  const file = JSON.parse(json) as Partial<SummaryFile>;
  if (typeof file.seconds !== "number" || !file.metrics || !Array.isArray(file.checks)) {
    throw new SyntaxError("the k6 summary lacks seconds, metrics or checks");
  }
  const { metrics, seconds, checks } = file as SummaryFile;
  const of = (metric: string): Values => metrics[metric] ?? NO_VALUES;
  const count = (metric: string): number => of(metric)["count"] ?? 0;
  const time = of("http_req_duration");
  const requests = count("http_reqs");
  const inSeconds = (statistic: string) =>
    requests === 0 ? Number.NaN : (time[statistic] ?? Number.NaN) / 1000;
  const quality = (metric: string, inRange: string): Quality => {
    const messages = count(metric);
    return {
      messages,
      mean: messages === 0 ? Number.NaN : (of(metric)["avg"] ?? Number.NaN),
      inRange: messages === 0 ? Number.NaN : (of(inRange)["rate"] ?? Number.NaN),
    };
  };
  return {
    seconds,
    requests,
    // k6 counts a failed request as a "pass" of http_req_failed.
    failed: of("http_req_failed")["passes"] ?? 0,
    refused: count(METRICS.requestsRefused),
    dropped: count("dropped_iterations"),
    exceptions: count(METRICS.exceptions),
    messages: {
      sent: count(METRICS.messagesSent),
      answered: count(METRICS.messagesAnswered),
      cached: count(METRICS.messagesCached),
    },
    latency: {
      mean: inSeconds("avg"),
      p50: inSeconds("med"),
      p90: inSeconds("p(90)"),
      p95: inSeconds("p(95)"),
      p99: inSeconds("p(99)"),
      max: inSeconds("max"),
    },
    checks,
    attribution: {
      entropy: quality(METRICS.entropy, METRICS.entropyInRange),
      sparsity: quality(METRICS.sparsity, METRICS.sparsityInRange),
      undefined: count(METRICS.attributionUndefined),
    },
  };
}
