/** Checks of the answers by name, with how often each held and did not. */
export interface CheckCount {
  readonly name: string;
  readonly passes: number;
  readonly fails: number;
}

/** Times of requests as the client sees them, in seconds; NaN without requests. */
export type Latency = Readonly<Record<"mean" | "p50" | "p90" | "p95" | "p99" | "max", number>>;

/** The figures that a k6 script wrote at its end. A metric that is not in it counts as empty. */
export interface K6Summary {
  /** How long the run took, in seconds. */
  readonly seconds: number;
  readonly checks: readonly CheckCount[];
  /** The count of a counter, or how many values a trend has. */
  count(metric: string): number;
  /** How many values of a rate were true. */
  passes(metric: string): number;
  /** How many values of a rate were false. */
  fails(metric: string): number;
  /** A statistic of a trend or rate; NaN when it is empty. `values` is the trend that counts them. */
  statistic(metric: string, name: string, values?: string): number;
  /** The statistics of a trend of milliseconds. */
  latency(metric: string): Latency;
}

/** The JSON that `lib/summary.ts` writes. */
interface SummaryFile {
  readonly seconds: number;
  readonly metrics: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly checks: readonly CheckCount[];
}

/**
 * Reads the file that a k6 script wrote at its end.
 *
 * @throws SyntaxError when `json` is not such a summary
 */
export function readK6Summary(json: string): K6Summary {
  const file = JSON.parse(json) as Partial<SummaryFile>;
  const { seconds, metrics, checks } = file;
  if (typeof seconds !== "number" || !metrics || !Array.isArray(checks)) {
    throw new SyntaxError("the k6 summary lacks seconds, metrics or checks");
  }
  const count = (metric: string): number => metrics[metric]?.["count"] ?? 0;
  const statistic = (metric: string, name: string, values = metric): number =>
    count(values) === 0 ? Number.NaN : (metrics[metric]?.[name] ?? Number.NaN);
  return {
    seconds,
    checks,
    count,
    passes: (metric) => metrics[metric]?.["passes"] ?? 0,
    fails: (metric) => metrics[metric]?.["fails"] ?? 0,
    statistic,
    latency(metric) {
      const inSeconds = (name: string) => statistic(metric, name) / 1_000;
      return {
        mean: inSeconds("avg"),
        p50: inSeconds("med"),
        p90: inSeconds("p(90)"),
        p95: inSeconds("p(95)"),
        p99: inSeconds("p(99)"),
        max: inSeconds("max"),
      };
    },
  };
}
