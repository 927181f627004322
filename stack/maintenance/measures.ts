import { type Limit, limit, memoryLimits } from "@headroom/alerts/limits";
import { attributionMean, errorRatio, latencyP95, share } from "@headroom/alerts/rules/measures";
import { formatValue } from "@headroom/loadtest/report/format";

/** A key metric of the dashboards over some time, as one number. */
export interface Measure {
  readonly id: string;
  readonly title: string;
  /** The limit that it is compared with elsewhere; without one, only changes are told. */
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

/** The qualities of an attribution. */
export const QUALITIES = [
  {
    name: "entropy",
    limitId: "attribution_entropy",
    metric: "attribution_entropy_nats",
    runbook: "HeadroomAttributionEntropyOutOfRange",
  },
  {
    name: "sparsity",
    limitId: "attribution_sparsity",
    metric: "attribution_sparsity_ratio",
    runbook: "HeadroomAttributionSparsityLow",
  },
] as const;

/** The measures of `npm run check`, with the limits of one exporter. */
export function measures(limits: readonly Limit[]): readonly Measure[] {
  const inItsUnit = (one: Limit) => ({
    limit: one,
    format: (value: number) => formatValue(value, one.unit, one.id),
  });
  return [
    {
      id: "latency-p95",
      title: "latency, P95",
      ...inItsUnit(limit("latency_p95", "warning", limits)),
      harmful: "up",
      runbook: "HeadroomLatencyHigh",
      query: (matchers, window) => latencyP95({ matchers, window, by: "" }),
    },
    {
      id: "throughput",
      title: "messages answered",
      format: (value) => formatValue(value, "messages/s"),
      harmful: "down",
      runbook: "HeadroomNoTraffic",
      query: (matchers, window) => `sum(rate(sentiment_messages_total{${matchers}}[${window}]))`,
    },
    {
      id: "error-ratio",
      title: "errors",
      ...inItsUnit(limit("error_ratio", "warning", limits)),
      harmful: "up",
      runbook: "HeadroomErrorRateHigh",
      query: (matchers, window) => errorRatio({ matchers, window, by: "" }),
    },
    ...memoryLimits("warning", limits).map((one): Measure => ({
      id: `memory-${one.scope}`,
      title: `memory, ${one.scope}`,
      ...inItsUnit(one),
      harmful: "up",
      runbook: "HeadroomMemoryHigh",
      query: (matchers, window) =>
        `max(avg_over_time(headroom_memory_used_bytes{${matchers}, scope="${one.scope}"}[${window}]))`,
    })),
    ...["memory", "redis"].map(hits),
    ...["prefix", "occlusion"].flatMap((method) =>
      QUALITIES.map(({ name, limitId, metric, runbook }): Measure => ({
        id: `${name}-${method}`,
        title: `attribution ${name}, mean (${method})`,
        ...inItsUnit(limit(limitId, "warning", limits)),
        harmful: "either",
        runbook,
        query: (own, window) =>
          attributionMean(metric, { matchers: `${own}, method="${method}"`, window, by: "" }),
      })),
    ),
  ];
}

const hits = (tier: string): Measure => ({
  id: `hit-ratio-${tier}`,
  title: `answers found in the cache, ${tier}`,
  format: (value) => formatValue(value, "ratio"),
  harmful: "down",
  runbook: "HeadroomCacheDegraded",
  query: (matchers, window) => {
    const rate = (more: string): string =>
      `sum(rate(headroom_cache_requests_total{${matchers}, tier="${tier}"${more}}[${window}]))`;
    return share(rate(', result="hit"'), rate(""));
  },
});
