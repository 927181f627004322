import type { Examined } from "./step.ts";

/** What was used in the last month; NaN where Prometheus has no sample. */
export interface Usage {
  /** Most memory of the whole machine, in bytes. */
  readonly memoryBytes: number;
  /** Memory of the whole machine, in bytes. */
  readonly capacityBytes: number;
  /** Most messages that waited at once. */
  readonly queued: number;
  readonly refused: number;
  /** Most answers, and bytes of them, that the memory held. */
  readonly cacheEntries: number;
  readonly cacheBytes: number;
  /** Share of the lookups in memory that found an answer. */
  readonly hitRatio: number;
  /** Messages in a batch, mean. */
  readonly batchSize: number;
}

/** Reads what was used in the last month. @throws QueryRefused, CouldNotRun */
export async function readUsage({ prometheus, matchers, at }: Examined): Promise<Usage> {
  const value = (query: string): Promise<number> => prometheus.value(query, at);
  const most = (metric: string, more = ""): string =>
    `max_over_time(${metric}{${matchers}${more}}[30d])`;
  const grown = (metric: string, more = ""): string =>
    `sum(increase(${metric}{${matchers}${more}}[30d]))`;
  const lookups = (more: string): string => grown("cache_requests_total", `, tier="memory"${more}`);
  return {
    memoryBytes: await value(`max(${most("headroom_memory_used_bytes", ', scope="system"')})`),
    capacityBytes: await value(`max(headroom_memory_capacity_bytes{${matchers}, scope="system"})`),
    queued: await value(`max(${most("headroom_queue_depth")})`),
    refused: await value(grown("sentiment_requests_total", ', outcome="refused"')),
    cacheEntries: await value(
      `max(${most("cache_entries", ', tier="memory", cache="sentiment"')})`,
    ),
    cacheBytes: await value(`max(${most("cache_bytes", ', tier="memory", cache="sentiment"')})`),
    hitRatio: await value(`${lookups(', result="hit"')} / ${lookups("")}`),
    batchSize: await value(
      `${grown("sentiment_batch_size_sum")} / ${grown("sentiment_batch_size_count")}`,
    ),
  };
}
