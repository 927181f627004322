import { ERROR_OUTCOMES } from "../../../alerts/limits.ts";

/** A metric that an incident shows, as one series. */
export interface KeyMetric {
  readonly name: string;
  /** PromQL that gives one series. */
  readonly query: string;
  /** Which value of the curve is the worst. */
  readonly worst: "highest" | "lowest";
  /** Writes a value with its unit. */
  readonly write: (value: number) => string;
}

/** Long enough for a rate at the usual scrape intervals, short enough to show the moment. */
const WINDOW = "1m";

const seconds = (value: number): string => `${round(value)} s`;
const gigabytes = (value: number): string => `${round(value / 1e9)} GB`;
const percent = (value: number): string => `${round(value * 100)} %`;
const plain = (value: number): string => String(round(value));

/**
 * What an incident shows, whichever alert has opened it: the cause is often another metric's.
 *
 * @param instance - the instance to look at; empty for all together
 */
export function keyMetrics(instance: string): readonly KeyMetric[] {
  const of = (metric: string, ...matchers: string[]): string => {
    const all = instance === "" ? matchers : [...matchers, `instance=${JSON.stringify(instance)}`];
    return `${metric}{${all.join(",")}}`;
  };
  const rate = (metric: string, ...matchers: string[]): string =>
    `sum(rate(${of(metric, ...matchers)}[${WINDOW}]))`;
  const p95 = (metric: string): string =>
    `histogram_quantile(0.95, sum by (le) (rate(${of(`${metric}_bucket`)}[${WINDOW}])))`;
  const mean = (metric: string): string => `${rate(`${metric}_sum`)} / ${rate(`${metric}_count`)}`;
  const memory = (scope: string): string =>
    `max(${of("headroom_memory_used_bytes", `scope="${scope}"`)})`;
  const requests = "sentiment_requests_total";
  const failed = rate(requests, `outcome=~"${ERROR_OUTCOMES.join("|")}"`);
  return [
    metric("Latency P95", p95("sentiment_request_duration_seconds"), seconds),
    metric("Requests a second", rate(requests), plain),
    metric("Errors", `${failed} / ${rate(requests)}`, percent),
    metric("Messages in the queue", `max(${of("headroom_queue_depth")})`, plain),
    metric("Memory of the process", memory("process"), gigabytes),
    metric("Memory of the system", memory("system"), gigabytes),
    metric(
      "Attribution entropy, mean",
      mean("attribution_entropy_nats"),
      (v) => `${round(v)} nats`,
    ),
    {
      ...metric("Attribution sparsity, mean", mean("attribution_sparsity_ratio"), plain),
      worst: "lowest",
    },
    metric("Status answers P95", p95("status_duration_seconds"), seconds),
  ];
}

function metric(name: string, query: string, write: KeyMetric["write"]): KeyMetric {
  return { name, query, worst: "highest", write };
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
