import { readHistogram, type Histogram } from "./histogram.ts";
import { hasLabels, type Sample } from "./prometheus-text.ts";

/** Where memory is measured. */
export type MemoryScope = "process" | "system" | "model" | "cache";

/** What the exporter's metrics said at one moment. */
export interface Snapshot {
  /** Seconds since the load began; negative before it. */
  readonly atSeconds: number;
  /** Requests by outcome. */
  readonly requests: Readonly<Record<string, number>>;
  /** Messages by where their answer came from, "model" or "cache". */
  readonly messages: Readonly<Record<string, number>>;
  /** Cache look-ups by tier and result, for example `memory hit`. */
  readonly cacheRequests: Readonly<Record<string, number>>;
  /** Times of the requests with the profile's attribution method, in seconds. */
  readonly requestDuration: Histogram | undefined;
  /** Times that messages waited in the queue, in seconds. */
  readonly queueWait: Histogram | undefined;
  /** Times that the model took for a batch, in seconds. */
  readonly batchDuration: Histogram | undefined;
  /** Messages in a batch. */
  readonly batchSize: Histogram | undefined;
  readonly memoryBytes: Readonly<Partial<Record<MemoryScope, number>>>;
  readonly capacityBytes: number | undefined;
}

/** What the exporter says about itself. */
export interface Identity {
  readonly version: string;
  readonly model: string;
  readonly engine: string;
  readonly architecture: string;
  readonly simulated: boolean;
}

const UNKNOWN = "unknown";

function totals(samples: readonly Sample[], name: string, ...labels: string[]) {
  const found: Record<string, number> = {};
  for (const sample of samples) {
    if (sample.name !== name) continue;
    const key = labels.map((label) => sample.labels[label] ?? UNKNOWN).join(" ");
    found[key] = (found[key] ?? 0) + sample.value;
  }
  return found;
}

const one = (samples: readonly Sample[], name: string, labels: Record<string, string> = {}) =>
  samples.find((sample) => sample.name === name && hasLabels(sample, labels));

/** Picks what the report needs from a page of metrics. */
export function readSnapshot(
  samples: readonly Sample[],
  atSeconds: number,
  attribution: string,
): Snapshot {
  return {
    atSeconds,
    requests: totals(samples, "sentiment_requests_total", "outcome"),
    messages: totals(samples, "sentiment_messages_total", "source"),
    cacheRequests: totals(samples, "cache_requests_total", "tier", "result"),
    requestDuration: readHistogram(samples, "sentiment_request_duration_seconds", { attribution }),
    queueWait: readHistogram(samples, "headroom_queue_wait_seconds"),
    batchDuration: readHistogram(samples, "sentiment_batch_duration_seconds"),
    batchSize: readHistogram(samples, "sentiment_batch_size"),
    memoryBytes: totals(samples, "headroom_memory_used_bytes", "scope"),
    capacityBytes: one(samples, "headroom_memory_capacity_bytes")?.value,
  };
}

/**
 * Who answers.
 *
 * @returns undefined when the page is not that of Headroom's exporter
 */
export function readIdentity(samples: readonly Sample[]): Identity | undefined {
  const build = one(samples, "headroom_build_info")?.labels;
  if (!build) return undefined;
  const model = one(samples, "headroom_model_info")?.labels ?? {};
  return {
    version: build["version"] ?? UNKNOWN,
    model: model["model"] ?? UNKNOWN,
    engine: model["engine"] ?? build["engine"] ?? UNKNOWN,
    architecture: model["architecture"] ?? UNKNOWN,
    simulated: build["simulated"] === "true",
  };
}
