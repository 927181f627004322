/**
 * Every limit of Headroom, once. Rules, dashboards, k6 thresholds, the API, the metric
 * `headroom_limit` and the reports all read this file; a number that stands elsewhere is a defect.
 *
 * The file imports nothing but another such file, so that k6, the browser and Node can all load it.
 */
import { withOwnLimits, type OwnLimits } from "./own-limits.ts";

/** Base units, as Prometheus names them; `nats` is entropy with the natural logarithm. */
export type Unit = "bytes" | "seconds" | "ratio" | "nats";

/** How urgent it is when the limit is broken. */
export type Severity = "warning" | "critical";

/** Where the allowed values lie: below `upper`, above `lower`, or between both. */
export type Bound =
  | { readonly bound: "upper"; readonly upper: number }
  | {
      readonly bound: "lower";
      readonly lower: number;
      /** The greatest value that there can be, where there is one, as for a share. */
      readonly most?: number;
    }
  | { readonly bound: "band"; readonly lower: number; readonly upper: number };

/**
 * Where memory is measured against a capacity of its own: the whole machine, the container with the
 * smallest limit, the exporter with its children, a graphics processor with memory of its own, and the
 * processes of a model server on the same machine (with the capacity of the system).
 */
export const MEMORY_SCOPES = ["system", "container", "process", "device", "upstream"] as const;

/** See {@link MEMORY_SCOPES}. */
export type MemoryScope = (typeof MEMORY_SCOPES)[number];

/** One limit: what is measured, in which unit, and what is allowed. */
export type Limit = Bound & {
  /** Stable name, the `limit` label of `headroom_limit`. */
  readonly id: string;
  readonly title: string;
  readonly unit: Unit;
  readonly severity: Severity;
  /** Whose memory it is about; absent while the capacities of a machine are not known. */
  readonly scope?: MemoryScope;
};

/** The memory of the machine that the limits were written for, in bytes (1 GB = 1e9 bytes). */
export const REFERENCE_MEMORY_BYTES = 48e9;

/**
 * Share of a capacity at which each severity starts. Of the reference machine that is 33.6 GB and
 * 40.8 GB; a larger capacity is held to those bytes, a smaller one to its own share.
 */
export const MEMORY_FRACTION = { warning: 0.7, critical: 0.85 } as const;

/**
 * The eight status scenarios and the time, in seconds, within which each must be answered.
 * Source: the response targets of status answers on Apple Silicon (2 to 5 s).
 */
export const STATUS_TARGET_SECONDS = {
  "quick-status": 3,
  "detailed-analysis": 5,
  "process-information": 4,
  "memory-status": 3.5,
  "disk-analysis": 4.5,
  "network-status": 3,
  "overall-health": 5,
  "urgent-check": 2,
} as const;

/** A kind of status request, such as `quick-status`. */
export type StatusScenario = keyof typeof STATUS_TARGET_SECONDS;

/**
 * How a request ends, the `outcome` label of the request counters, and what that says:
 *
 * - `answered`: a well-meant request got what it asked for.
 * - `error`: a well-meant request did not: the exporter or the model failed (5xx), admission refused
 *   it (503), or the deadline came first (504).
 * - `excluded`: the client was at fault (4xx) or went away. Neither an error nor evidence of health.
 */
export const OUTCOME_MEANS = {
  ok: "answered",
  client_error: "excluded",
  server_error: "error",
  refused: "error",
  aborted: "excluded",
  deadline: "error",
} as const;

/** See {@link OUTCOME_MEANS}. */
export type Outcome = keyof typeof OUTCOME_MEANS;

const outcomesThatMean = (meaning: string): readonly Outcome[] =>
  (Object.keys(OUTCOME_MEANS) as Outcome[]).filter((outcome) => OUTCOME_MEANS[outcome] === meaning);

/** The outcomes that count as errors for the limit `error_ratio`. */
export const ERROR_OUTCOMES = outcomesThatMean("error");

/** The outcomes that are no part of the error ratio, neither above nor below the line. */
export const EXCLUDED_OUTCOMES = outcomesThatMean("excluded");

/**
 * The outcomes whose time is latency: answers, and deadline misses at their full time. Refused,
 * wrong and aborted requests are quick, and would make an overloaded server look faster.
 */
export const TIMED_OUTCOMES: readonly Outcome[] = ["ok", "deadline"];

/**
 * How a request ended for a client that sees only the status.
 *
 * @param status - of HTTP; 0 when no answer came
 * @param timedOut - whether the client gave up waiting
 */
export function outcomeOfStatus(status: number, timedOut = false): Outcome {
  if (timedOut || status === 504) return "deadline";
  if (status === 503) return "refused";
  if (status === 0 || status >= 500) return "server_error";
  return status >= 400 ? "client_error" : "ok";
}

/**
 * The error ratio: what well-meant requests did not get, as a share of all well-meant requests.
 *
 * @param requests - how many ended in each outcome
 * @returns NaN without a well-meant request: no evidence is no value
 */
export function errorRatio(requests: Readonly<Partial<Record<string, number>>>): number {
  let [errors, all] = [0, 0];
  for (const [outcome, count = 0] of Object.entries(requests)) {
    const meaning = OUTCOME_MEANS[outcome as Outcome];
    if (meaning === "excluded") continue;
    all += count;
    if (meaning === "error") errors += count;
  }
  return errors / all;
}

/**
 * The greatest finite bucket edge of the histograms of request times, in seconds, by the limit that
 * they are held against. A quantile there is "more than" the edge: how much more, no histogram tells.
 */
export const LONGEST_TOLD_SECONDS = {
  latency: 5,
  status: 10,
  firstToken: 80,
  outputToken: 2.5,
} as const;

/**
 * Requests of OpenAI's API, by OpenTelemetry's names (`gen_ai.operation.name`); the first two have a
 * first token.
 */
export const CHAT_OPERATIONS = ["chat", "text_completion", "embeddings"] as const;

/** See {@link CHAT_OPERATIONS}. */
export type ChatOperation = (typeof CHAT_OPERATIONS)[number];

const above = (upper: number): Bound => ({ bound: "upper", upper });

const below = (lower: number) => ({ bound: "lower", lower }) as const;

const entry = <U extends string>(
  id: string,
  title: string,
  unit: U,
  severity: Severity,
  bound: Bound,
) => ({
  ...{ id, title, unit, severity },
  ...bound,
});

const memory = (severity: Severity, capacityBytes: number): Limit => {
  const upper = Math.round(capacityBytes * MEMORY_FRACTION[severity]);
  return entry("memory", "Memory used", "bytes", severity, above(upper));
};

const statusId = (scenario: StatusScenario): string => `status_${scenario.replaceAll("-", "_")}`;

const status = (scenario: StatusScenario): Limit => {
  const title = `Status: ${scenario.replaceAll("-", " ")}, P95`;
  return entry(
    statusId(scenario),
    title,
    "seconds",
    "warning",
    above(STATUS_TARGET_SECONDS[scenario]),
  );
};

/**
 * The limits for a reference machine with `capacityBytes` of memory, as rules are generated from
 * them. Only the memory limits depend on it; {@link limitsWithin} holds them to what a machine has.
 *
 * @param capacityBytes - memory of the reference machine in bytes; 48e9 unless it is larger
 * @param own - limits of one's own instead of some of these
 * @throws RangeError when `capacityBytes` is not a positive finite number, or when one of `own` cannot be
 * a limit; it names which and why
 */
export function limitsFor(capacityBytes: number, own: OwnLimits = {}): readonly Limit[] {
  if (!Number.isFinite(capacityBytes) || capacityBytes <= 0) {
    throw new RangeError(
      `memory capacity must be a positive number of bytes, got ${capacityBytes}`,
    );
  }
  return withOwnLimits(defaultLimits(capacityBytes), own, longestOf);
}

function defaultLimits(capacityBytes: number): readonly Limit[] {
  return [
    memory("warning", capacityBytes),
    memory("critical", capacityBytes),
    // 5 % of the well-meant requests; OUTCOME_MEANS says what counts.
    entry("error_ratio", "Errors", "ratio", "warning", above(0.05)),
    // Our choice: when one request in five fails, most users of a page of several have seen it.
    entry("error_ratio", "Errors", "ratio", "critical", above(0.2)),
    // The request's time as the client sees it, 95th percentile.
    entry("latency_p95", "Latency, P95", "seconds", "warning", above(0.5)),
    entry("latency_p95", "Latency, P95", "seconds", "critical", above(1)),
    // Below: one word decides everything. Above: no word matters. Mean over messages.
    // The measure is the "complexity" of Bhatt, Weller and Moura (2020).
    entry("attribution_entropy", "Attribution entropy, mean", "nats", "warning", {
      bound: "band",
      lower: 0.5,
      upper: 2.5,
    }),
    // Gini index of the attributions; near 0 all words weigh the same. Mean over messages.
    // The measure is the "sparseness" of Chalasani et al. (2020).
    entry("attribution_sparsity", "Attribution sparsity, mean", "ratio", "warning", below(0.1)),
    ...(Object.keys(STATUS_TARGET_SECONDS) as StatusScenario[]).map(status),
    // Of streamed answers, from acceptance until the first content leaves: the latency limit of the
    // messages, which MLPerf Inference also sets an interactive server of Llama 3.1 8B, and what it sets
    // other servers of Llama 3.1 8B and Llama 2 70B (there for 99 % of the requests).
    // Source: `ttft_latency` in loadgen/mlperf.conf of github.com/mlcommons/inference.
    entry("first_token_p95", "Time to first token, P95", "seconds", "warning", above(0.5)),
    entry("first_token_p95", "Time to first token, P95", "seconds", "critical", above(2)),
    // Mean over the tokens of a request after its first. There, as `tpot_latency`, it is what servers of
    // Llama 3.1 8B and of Llama 2 70B are allowed.
    entry("output_token_p95", "Time per output token, P95", "seconds", "warning", above(0.1)),
    entry("output_token_p95", "Time per output token, P95", "seconds", "critical", above(0.2)),
    // Our choice, of what a model server reports itself: when its cache of keys and values is full,
    // requests wait, or are thrown out and begin again.
    entry("kv_cache", "KV cache used", "ratio", "warning", above(0.9)),
    // Share of the well-meant requests to stream that were answered within the warnings of first token
    // and output token. DistServe (Zhong et al., OSDI 2024) calls goodput the most requests a second of
    // which 90 % are within their limits.
    entry("goodput", "Goodput", "ratio", "warning", { ...below(0.9), most: 1 }),
  ];
}

/** The greatest value that a limit in seconds can be judged by: the last edge of its histogram. */
function longestOf(id: string): number {
  if (id === "latency_p95") return LONGEST_TOLD_SECONDS.latency;
  if (id === "first_token_p95") return LONGEST_TOLD_SECONDS.firstToken;
  if (id === "output_token_p95") return LONGEST_TOLD_SECONDS.outputToken;
  return LONGEST_TOLD_SECONDS.status;
}

/** The limits of the reference machine; the committed provisioning encodes these. */
export const LIMITS = limitsFor(REFERENCE_MEMORY_BYTES);

/** The memory that there is in each scope, in bytes; a scope that a machine does not have is absent. */
export type MemoryCapacities = Readonly<Partial<Record<MemoryScope, number>>>;

/**
 * The limits as they hold on one machine: those of memory once for each scope that it has, each the
 * smaller of the limit's bytes and its share of the scope's own capacity. The rules say the same in
 * PromQL, from `headroom_memory_capacity_bytes`.
 */
export function limitsWithin(
  capacities: MemoryCapacities,
  limits: readonly Limit[] = LIMITS,
): readonly Limit[] {
  return limits.flatMap((limit) => {
    if (limit.id !== "memory" || limit.bound !== "upper") return [limit];
    return MEMORY_SCOPES.flatMap((scope): Limit[] => {
      const capacity = capacities[scope];
      if (capacity === undefined) return [];
      const upper = Math.min(limit.upper, MEMORY_FRACTION[limit.severity] * capacity);
      return [{ ...limit, scope, title: `${limit.title}, ${scope}`, upper }];
    });
  });
}

/** A limit of memory in one scope of a machine. */
export type MemoryLimit = Limit & { readonly bound: "upper"; readonly scope: MemoryScope };

/** The memory limits with the given severity, one for each scope that a machine has. */
export function memoryLimits(severity: Severity, limits: readonly Limit[]): readonly MemoryLimit[] {
  return limits.filter(
    (limit): limit is MemoryLimit =>
      limit.scope !== undefined && limit.bound === "upper" && limit.severity === severity,
  );
}

/**
 * The limit named `id` with the given severity.
 *
 * @throws RangeError when there is none
 */
export function limit(id: string, severity: Severity, limits: readonly Limit[] = LIMITS): Limit {
  const found = limits.find((l) => l.id === id && l.severity === severity);
  if (!found) throw new RangeError(`no ${severity} limit is called ${id}`);
  return found;
}

/** A limit of findings, which also count things. */
export type FindingLimit = Bound & {
  /** Stable name. */
  readonly id: string;
  readonly title: string;
  readonly unit: Unit | "count";
  readonly severity: Severity;
};

/**
 * What a status answer calls a warning or critical about the whole machine. They do not alert and
 * are no part of `headroom_limit`: a person who asks about the machine hears of them.
 */
export const FINDING_LIMITS: readonly FindingLimit[] = [
  // Share of all cores' time over the last seconds. In the simplest queue (M/M/1) a task takes
  // 1 / (1 - usage) times as long as on an idle machine: 7 times at 0.85, 20 times at 0.95.
  entry("machine_cpu", "Processor time used", "ratio", "warning", above(0.85)),
  entry("machine_cpu", "Processor time used", "ratio", "critical", above(0.95)),
  // Our choice: runnable threads for each core over one minute. At 1 every core is taken; at 1.5 one
  // in three waits, and at 3 two in three.
  entry("machine_load", "Load for each core", "count", "warning", above(1.5)),
  entry("machine_load", "Load for each core", "count", "critical", above(3)),
  // Share of memory that the system cannot give back on demand. Source: the examples in the
  // description of status answers.
  entry("machine_memory", "Memory used", "ratio", "warning", above(0.85)),
  entry("machine_memory", "Memory used", "ratio", "critical", above(0.95)),
  // The kernel's own word on macOS: DISPATCH_MEMORYPRESSURE_WARN and _CRITICAL (dispatch/source.h).
  entry("machine_memory_pressure", "Memory pressure", "count", "warning", above(2)),
  entry("machine_memory_pressure", "Memory pressure", "count", "critical", above(4)),
  // Our choice: some swap in use is normal, and when it runs out, programs are ended. Judged only where
  // its size is fixed.
  entry("machine_swap", "Swap used", "ratio", "warning", above(0.5)),
  entry("machine_swap", "Swap used", "ratio", "critical", above(0.8)),
  // Where Elasticsearch puts nothing new on a disk, and where it stops writing: the defaults of its
  // cluster.routing.allocation.disk.watermark.low and .flood_stage.
  entry("machine_disk", "Disk used", "ratio", "warning", above(0.85)),
  entry("machine_disk", "Disk used", "ratio", "critical", above(0.95)),
  // Charge while it is not charging. 0.2 is PercentageLow of UPower; its PercentageCritical of 0.05
  // leaves little time, so critical starts at 0.1.
  entry("machine_battery", "Battery charge", "ratio", "warning", below(0.2)),
  entry("machine_battery", "Battery charge", "ratio", "critical", below(0.1)),
  // Our choice: errors and drops since the last reading, at most 10 s ago. Single drops are ordinary,
  // since Linux also counts frames of protocols that nobody asked for; a hundred in seconds are not.
  entry("machine_interface_errors", "Network errors", "count", "warning", above(100)),
];

/**
 * The limit of a status scenario.
 *
 * @throws RangeError when `limits` has none
 */
export function statusLimit(
  scenario: StatusScenario,
  limits?: readonly Limit[],
): Limit & { readonly bound: "upper" } {
  const found = limit(statusId(scenario), "warning", limits);
  if (found.bound !== "upper") throw new TypeError("a status scenario has an upper limit");
  return found;
}

/** A bound on how the exporter itself works. */
export type OperationLimit = Bound & { readonly unit: "ratio" | "count" };

/**
 * What the alerts about the exporter's own operation compare with. They are no part of
 * `headroom_limit`: how well requests are answered is judged by {@link LIMITS}, and these say that a
 * part which protects that has gone.
 */
export const OPERATION_LIMITS = {
  // Share of the lookups in Redis that fail, and of the writes. Our choice: one in ten. One slow reply
  // fails the lookups of its 40 ms, which is far less of a minute; a dead or frozen server fails all,
  // a replica or a full one every write.
  cacheErrors: { bound: "upper", upper: 0.1, unit: "ratio" },
  // Share of the requests that are refused: as large as the share that may fail, of which refusals
  // are a part. Errors say that requests were not answered, and this says why.
  refusals: { bound: "upper", upper: 0.05, unit: "ratio" },
  // Share of the time in which a model answers. Our choice: half, so that a model which is loaded
  // again and again counts as one that does not answer.
  modelReady: { bound: "lower", lower: 0.5, unit: "ratio" },
  // Times that a process with a model is started again within RESTART_WINDOWS. Our choice: one that ended
  // once or twice is healed and nobody has to know; a third time so soon it will end again.
  modelRestarts: { bound: "upper", upper: 3, unit: "count" },
  // Starts of the exporter within RESTART_WINDOWS of the rules' pace, but for the first. Our choice:
  // one is a deployment or a person at work; a second so soon is a process that does not stay up.
  restarts: { bound: "upper", upper: 2, unit: "count" },
} as const satisfies Record<string, OperationLimit>;

/**
 * The least rise of the memory over the history of a forecast, as a share of the limit. A rise to the
 * limit within four times that history from below 92 % of it is at least as steep; nearer to the limit
 * every small wave would foretell it, and HeadroomMemoryHigh is about to fire anyway.
 */
export const FORECAST_RISE_RATIO = 0.02;
