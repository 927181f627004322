import {
  MEMORY_SCOPES,
  type MemoryCapacities,
  type MemoryScope,
  type StatusScenario,
} from "../../alerts/limits.ts";
import { STATUS_SCENARIOS } from "../plan/profiles.ts";
import { readHistogram, type Histogram } from "./histogram.ts";
import { hasLabels, type Sample } from "./prometheus-text.ts";

/** The parts of the scope `process`, which have no capacity; `chat` is the chat model's process. */
export const MEMORY_PARTS = ["model", "chat", "cache"] as const;

/** What memory is measured of: the values of the label `scope`. */
export type MemoryUser = MemoryScope | (typeof MEMORY_PARTS)[number];

/** What the exporter's metrics said at one moment; times in seconds, memory in bytes. */
export type Snapshot = ReturnType<typeof readSnapshot>;

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

const STATUS_DURATION = "headroom_status_duration_seconds";

/** By what an exporter shows that it answers status requests; it publishes them from its start. */
export const STATUS_REQUESTS = "headroom_status_requests_total";

type Labels = Readonly<Record<string, string>>;

/** The load asks for chat completions alone. */
const CHAT = {
  requests: { operation: "chat" },
  times: { gen_ai_operation_name: "chat" },
} as const;

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

function statusDurations(samples: readonly Sample[]): ReadonlyMap<StatusScenario, Histogram> {
  return new Map(
    STATUS_SCENARIOS.flatMap((scenario) => {
      const histogram = readHistogram(samples, STATUS_DURATION, { scenario });
      return histogram ? [[scenario, histogram] as const] : [];
    }),
  );
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
 * Picks what the report needs from a page of metrics. A histogram that the exporter does not publish
 * is undefined.
 *
 * @param atSeconds - since the load began; negative before it
 * @param attribution - the method of the profile's messages; undefined when it sends none
 */
export function readSnapshot(
  samples: readonly Sample[],
  atSeconds: number,
  attribution: string | undefined,
) {
  /** Only of the profile's own messages. */
  const ofMethod = (name: string, label: string) =>
    attribution === undefined ? undefined : readHistogram(samples, name, { [label]: attribution });
  return {
    atSeconds,
    /** Sentiment requests by outcome. */
    requests: totals(samples, "sentiment_requests_total", ["outcome"]),
    /** Messages by where their answer came from, "model" or "cache". */
    messages: totals(samples, "sentiment_messages_total", ["source"]),
    /** Look-ups of messages in the cache by tier and result, for example `memory hit`. */
    cacheRequests: totals(samples, "headroom_cache_requests_total", ["tier", "result"], {
      cache: "sentiment",
    }),
    requestDuration: ofMethod("sentiment_request_duration_seconds", "attribution"),
    /** Times that messages waited in the queue. */
    queueWait: readHistogram(samples, "headroom_queue_wait_seconds"),
    /** Times that the model took for a batch. */
    batchDuration: readHistogram(samples, "sentiment_batch_duration_seconds"),
    /** Messages in a batch. */
    batchSize: readHistogram(samples, "sentiment_batch_size"),
    /** Status requests by outcome. */
    statusRequests: totals(samples, STATUS_REQUESTS, ["outcome"]),
    statusDuration: readHistogram(samples, STATUS_DURATION),
    /** The same by scenario, without those that the exporter does not publish. */
    statusDurations: statusDurations(samples),
    /** Chat requests by outcome, and the times of streamed answers. */
    chatRequests: totals(samples, "headroom_chat_requests_total", ["outcome"], CHAT.requests),
    firstToken: readHistogram(samples, "gen_ai_server_time_to_first_token_seconds", CHAT.times),
    outputToken: readHistogram(samples, "gen_ai_server_time_per_output_token_seconds", CHAT.times),
    memoryBytes: totals(samples, "headroom_memory_used_bytes", ["scope"]) as Readonly<
      Partial<Record<MemoryUser, number>>
    >,
    /** What there is in each scope. */
    capacityBytes: readCapacities(samples),
    /** Of the attributions, in nats. */
    entropy: ofMethod("attribution_entropy_nats", "method"),
    /** Gini index of the attributions. */
    sparsity: ofMethod("attribution_sparsity_ratio", "method"),
    /** When the exporter's process began, in seconds since 1970; undefined when it does not tell. */
    processStart: one(samples, "process_start_time_seconds")?.value,
  };
}

/**
 * How much each counter grew between two readings, without those that did not. One that fell was
 * reset by a restart, so the later reading is taken as it is.
 */
export function grownBy(
  later: Readonly<Record<string, number>>,
  earlier: Readonly<Record<string, number>>,
): Record<string, number> {
  const growth = Object.entries(later).map(([key, value]): [string, number] => {
    const before = earlier[key] ?? 0;
    return [key, value < before ? value : value - before];
  });
  return Object.fromEntries(growth.filter(([, value]) => value !== 0));
}

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
