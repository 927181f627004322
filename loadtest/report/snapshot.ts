import {
  MEMORY_SCOPES,
  type MemoryCapacities,
  type MemoryScope,
  type StatusScenario,
} from "@headroom/alerts/limits";
import { STATUS_SCENARIOS } from "../plan/status-mix.ts";
import { readHistogram, type Histogram } from "./histogram.ts";
import { hasLabels, type Sample } from "./prometheus-text.ts";

/** The parts of the scope `process`, which have no capacity; `chat` is the chat model's process. */
export const MEMORY_PARTS = ["model", "chat", "cache"] as const;

/** What memory is measured of: the values of the label `scope`. */
export type MemoryUser = MemoryScope | (typeof MEMORY_PARTS)[number];

/** What the exporter's metrics said at one moment. */
export interface Snapshot {
  /** Seconds since the load began; negative before it. */
  readonly atSeconds: number;
  /** Sentiment requests by outcome. */
  readonly requests: Readonly<Record<string, number>>;
  /** Messages by where their answer came from, "model" or "cache". */
  readonly messages: Readonly<Record<string, number>>;
  /** Look-ups of messages in the cache by tier and result, for example `memory hit`. */
  readonly cacheRequests: Readonly<Record<string, number>>;
  /** Times of the requests with the profile's attribution method, in seconds. */
  readonly requestDuration: Histogram | undefined;
  /** Times that messages waited in the queue, in seconds. */
  readonly queueWait: Histogram | undefined;
  /** Times that the model took for a batch, in seconds. */
  readonly batchDuration: Histogram | undefined;
  /** Messages in a batch. */
  readonly batchSize: Histogram | undefined;
  /** Status requests by outcome. */
  readonly statusRequests: Readonly<Record<string, number>>;
  /** Times of the status answers, in seconds. */
  readonly statusDuration: Histogram | undefined;
  /** The same by analysis, without those that the exporter does not publish. */
  readonly statusDurations: ReadonlyMap<StatusScenario, Histogram>;
  /** Entropy of the attributions by the profile's method, in nats; undefined without one. */
  readonly entropy: Histogram | undefined;
  /** Their Gini index. */
  readonly sparsity: Histogram | undefined;
  readonly memoryBytes: Readonly<Partial<Record<MemoryUser, number>>>;
  /** What there is in each scope, in bytes. */
  readonly capacityBytes: MemoryCapacities;
  /** When the exporter's process began, in seconds since 1970; undefined when it does not tell. */
  readonly processStart: number | undefined;
}

/** What the exporter says about itself. */
export interface Identity {
  readonly version: string;
  readonly model: string;
  readonly engine: string;
  readonly architecture: string;
  readonly simulated: boolean;
  /** The chat model behind the status answers; absent while there is none. */
  readonly chat?: { readonly model: string; readonly engine: string };
}

const UNKNOWN = "unknown";

const STATUS_DURATION = "status_duration_seconds";

/** By what an exporter shows that it answers status questions; it publishes them from its start. */
export const STATUS_REQUESTS = "status_requests_total";

type Labels = Readonly<Record<string, string>>;

/** Sums by the values of some labels, over the series that carry `only`. */
function totals(
  samples: readonly Sample[],
  name: string,
  by: readonly string[],
  only: Labels = {},
) {
  const found: Record<string, number> = {};
  for (const sample of samples) {
    if (sample.name !== name || !hasLabels(sample, only)) continue;
    const key = by.map((label) => sample.labels[label] ?? UNKNOWN).join(" ");
    found[key] = (found[key] ?? 0) + sample.value;
  }
  return found;
}

function statusDurations(samples: readonly Sample[]): Map<StatusScenario, Histogram> {
  const found = new Map<StatusScenario, Histogram>();
  for (const scenario of STATUS_SCENARIOS) {
    const histogram = readHistogram(samples, STATUS_DURATION, { scenario });
    if (histogram) found.set(scenario, histogram);
  }
  return found;
}

/**
 * How much memory there is in each scope, by the exporter's metrics, in bytes. The limits of memory
 * follow from it.
 */
export function readCapacities(samples: readonly Sample[]): MemoryCapacities {
  const found = totals(samples, "headroom_memory_capacity_bytes", ["scope"]);
  return Object.fromEntries(
    MEMORY_SCOPES.flatMap((scope) => (found[scope] === undefined ? [] : [[scope, found[scope]]])),
  );
}

const one = (samples: readonly Sample[], name: string, labels: Labels = {}) =>
  samples.find((sample) => sample.name === name && hasLabels(sample, labels));

/**
 * Picks what the report needs from a page of metrics.
 *
 * @param attribution - the method of the profile's messages; undefined when it sends none
 */
export function readSnapshot(
  samples: readonly Sample[],
  atSeconds: number,
  attribution: string | undefined,
): Snapshot {
  const ofAttributions = (name: string) =>
    attribution === undefined ? undefined : readHistogram(samples, name, { method: attribution });
  return {
    atSeconds,
    requests: totals(samples, "sentiment_requests_total", ["outcome"]),
    messages: totals(samples, "sentiment_messages_total", ["source"]),
    cacheRequests: totals(samples, "cache_requests_total", ["tier", "result"], {
      cache: "sentiment",
    }),
    requestDuration:
      attribution === undefined
        ? undefined
        : readHistogram(samples, "sentiment_request_duration_seconds", { attribution }),
    queueWait: readHistogram(samples, "headroom_queue_wait_seconds"),
    batchDuration: readHistogram(samples, "sentiment_batch_duration_seconds"),
    batchSize: readHistogram(samples, "sentiment_batch_size"),
    statusRequests: totals(samples, STATUS_REQUESTS, ["outcome"]),
    statusDuration: readHistogram(samples, STATUS_DURATION),
    statusDurations: statusDurations(samples),
    memoryBytes: totals(samples, "headroom_memory_used_bytes", ["scope"]),
    capacityBytes: readCapacities(samples),
    entropy: ofAttributions("attribution_entropy_nats"),
    sparsity: ofAttributions("attribution_sparsity_ratio"),
    processStart: one(samples, "process_start_time_seconds")?.value,
  };
}

/**
 * How much each counter grew between two readings, without those that did not. One that fell was
 * reset by a restart, so the later reading is taken as it is.
 */
export const grownBy = (
  later: Readonly<Record<string, number>>,
  earlier: Readonly<Record<string, number>>,
): Record<string, number> =>
  Object.fromEntries(
    Object.entries(later)
      .map(([key, value]): [string, number] => [key, growth(value, earlier[key])])
      .filter(([, value]) => value !== 0),
  );

const growth = (later: number, earlier = 0): number => (later < earlier ? later : later - earlier);

/**
 * Who answers.
 *
 * @returns undefined when the page is not that of Headroom's exporter
 */
export function readIdentity(samples: readonly Sample[]): Identity | undefined {
  const build = one(samples, "headroom_build_info")?.labels;
  if (!build) return undefined;
  const model = one(samples, "headroom_model_info", { task: "sentiment" })?.labels ?? {};
  const chat = one(samples, "headroom_model_info", { task: "status" })?.labels;
  return {
    version: build["version"] ?? UNKNOWN,
    model: model["model"] ?? UNKNOWN,
    engine: model["engine"] ?? build["engine"] ?? UNKNOWN,
    architecture: model["architecture"] ?? UNKNOWN,
    simulated: build["simulated"] === "true",
    ...(chat && {
      chat: { model: chat["model"] ?? UNKNOWN, engine: chat["engine"] ?? UNKNOWN },
    }),
  };
}
