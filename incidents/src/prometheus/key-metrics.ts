import { LONGEST_TOLD_SECONDS, MEMORY_SCOPES } from "@headroom/alerts/limits";
import {
  attributionMean,
  errorRatio,
  latencyP95,
  rate,
  statusP95,
} from "@headroom/alerts/rules/measures";

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

/** At the last edge of a histogram nobody knows how much more it is. */
const upTo =
  (longest: number) =>
  (value: number): string =>
    `${value >= longest ? "more than " : ""}${round(value)} s`;
const gigabytes = (value: number): string => `${round(value / 1e9)} GB`;
const percent = (value: number): string => `${round(value * 100)} %`;
const plain = (value: number): string => String(round(value));

/**
 * What an incident shows, whichever alert has opened it: the cause is often another metric's. Where
 * too little happened for a value, there is none.
 *
 * @param instance - the instance to look at; empty for all together
 */
export function keyMetrics(instance: string): readonly KeyMetric[] {
  const matchers = instance === "" ? "" : `instance=${JSON.stringify(instance)}`;
  const of = (metric: string, ...more: string[]): string =>
    `${metric}{${[...more, matchers].filter((matcher) => matcher !== "").join(",")}}`;
  const over = { window: WINDOW, by: "", matchers };
  return [
    metric("Latency P95", latencyP95(over), upTo(LONGEST_TOLD_SECONDS.latency)),
    metric("Requests a second", rate("sentiment_requests_total", over), plain),
    metric("Errors", errorRatio(over), percent),
    metric("Messages in the queue", `max(${of("headroom_queue_depth")})`, plain),
    ...MEMORY_SCOPES.map((scope) =>
      metric(
        `Memory of the ${scope}`,
        `max(${of("headroom_memory_used_bytes", `scope="${scope}"`)})`,
        gigabytes,
      ),
    ),
    metric(
      "Attribution entropy, mean",
      attributionMean("attribution_entropy_nats", over),
      (v) => `${round(v)} nats`,
    ),
    {
      ...metric(
        "Attribution sparsity, mean",
        attributionMean("attribution_sparsity_ratio", over),
        plain,
      ),
      worst: "lowest",
    },
    metric("Status answers P95", statusP95(over), upTo(LONGEST_TOLD_SECONDS.status)),
  ];
}

/** Longer than an exporter that is down has been so when somebody is told. */
const SEEN_WITHIN = "1h";

/** What is asked about the program and the machine at an instance, which may be gone by then. */
export function machineQueries(instance: string): Record<"build" | "models" | "memory", string> {
  const last = (metric: string, more = "") =>
    `last_over_time(${metric}{instance=${JSON.stringify(instance)}${more}}[${SEEN_WITHIN}])`;
  return {
    build: last("headroom_build_info"),
    models: last("headroom_model_info"),
    memory: last("headroom_memory_capacity_bytes", ',scope="system"'),
  };
}

function metric(name: string, query: string, write: KeyMetric["write"]): KeyMetric {
  return { name, query, worst: "highest", write };
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
