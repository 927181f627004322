import { type Limit, limit, type MemoryLimit, memoryLimits } from "@headroom/alerts/limits";
import { attributionMean, errorRatio, latencyP95, share } from "@headroom/alerts/rules/measures";
import { formatValue } from "@headroom/loadtest/report/format";

/** A key metric of the dashboards over some time, as one number. */
export interface Measure {
  readonly id: string;
  readonly title: string;
  /** The limit that judges it elsewhere; without one, only changes are judged. */
  readonly limit?: Limit;
  /** Into which direction a change is trouble. */
  readonly harmful: "up" | "down" | "either";
  readonly runbook: string;
  format(value: number): string;
  /**
   * PromQL for one series.
   *
   * @param matchers - of the exporter's series, without braces
   * @param window - a Prometheus duration to look back over
   */
  query(matchers: string, window: string): string;
}

/** The measures of `npm run check`, judged by the limits of one exporter. */
export function measures(limits: readonly Limit[]): readonly Measure[] {
  return [
    latency(limit("latency_p95", "warning", limits)),
    throughput,
    errors(limit("error_ratio", "warning", limits)),
    ...memoryLimits("warning", limits).map(memory),
    hits("memory"),
    hits("redis"),
    ...(["prefix", "occlusion"] as const).flatMap((method) => [
      quality("entropy", method, limit("attribution_entropy", "warning", limits)),
      quality("sparsity", method, limit("attribution_sparsity", "warning", limits)),
    ]),
  ];
}

const formatBy =
  ({ unit, id }: Limit) =>
  (value: number): string =>
    formatValue(value, unit, id);

const latency = (judged: Limit): Measure => ({
  id: "latency-p95",
  title: "latency, P95",
  limit: judged,
  harmful: "up",
  runbook: "HeadroomLatencyHigh",
  format: formatBy(judged),
  query: (matchers, window) => latencyP95({ matchers, window, by: "" }),
});

const throughput: Measure = {
  id: "throughput",
  title: "messages answered",
  harmful: "down",
  runbook: "HeadroomNoTraffic",
  format: (value) => formatValue(value, "messages/s"),
  query: (matchers, window) => `sum(rate(sentiment_messages_total{${matchers}}[${window}]))`,
};

const errors = (judged: Limit): Measure => ({
  id: "error-ratio",
  title: "errors",
  limit: judged,
  harmful: "up",
  runbook: "HeadroomErrorRateHigh",
  format: formatBy(judged),
  query: (matchers, window) => errorRatio({ matchers, window, by: "" }),
});

const memory = (judged: MemoryLimit): Measure => ({
  id: `memory-${judged.scope}`,
  title: `memory, ${judged.scope}`,
  limit: judged,
  harmful: "up",
  runbook: "HeadroomMemoryHigh",
  format: formatBy(judged),
  query: (matchers, window) =>
    `max(avg_over_time(headroom_memory_used_bytes{${matchers}, scope="${judged.scope}"}[${window}]))`,
});

const hits = (tier: "memory" | "redis"): Measure => ({
  id: `hit-ratio-${tier}`,
  title: `answers found in the cache, ${tier}`,
  harmful: "down",
  runbook: "HeadroomCacheDegraded",
  format: (value) => formatValue(value, "ratio"),
  query: (matchers, window) => {
    const rate = (more: string): string =>
      `sum(rate(cache_requests_total{${matchers}, tier="${tier}"${more}}[${window}]))`;
    return share(rate(', result="hit"'), rate(""));
  },
});

const QUALITY = {
  entropy: { metric: "attribution_entropy_nats", runbook: "HeadroomAttributionEntropyOutOfRange" },
  sparsity: { metric: "attribution_sparsity_ratio", runbook: "HeadroomAttributionSparsityLow" },
} as const;

const quality = (kind: "entropy" | "sparsity", method: string, judged: Limit): Measure => ({
  id: `${kind}-${method}`,
  title: `attribution ${kind}, mean (${method})`,
  limit: judged,
  harmful: "either",
  runbook: QUALITY[kind].runbook,
  format: formatBy(judged),
  query: (matchers, window) =>
    attributionMean(QUALITY[kind].metric, {
      matchers: `${matchers}, method="${method}"`,
      window,
      by: "",
    }),
});
