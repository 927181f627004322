import {
  formatBytes,
  formatCount,
  formatLimit,
  formatRate,
  formatRatio,
  formatSeconds,
  formatShare,
  formatValue,
} from "./format.ts";
import type { Verdict } from "./judge.ts";
import type { Agreement, Time } from "./measurements.ts";
import type { Report } from "./report.ts";

/** A part of the report, before it is drawn. */
export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A limit's verdict in words. */
export function verdictInWords({ status, headroom, limit }: Verdict): string {
  switch (status) {
    case "within":
      return "within";
    case "not measured":
      return "not measured";
    case "broken":
      return limit.bound === "band"
        ? "BROKEN: outside the band"
        : `BROKEN by ${formatShare(-headroom)}`;
  }
}

const used = (verdict: Verdict): string =>
  verdict.usedOfCapacity === undefined
    ? ""
    : ` (${formatShare(verdict.usedOfCapacity)} of the memory)`;

function limits({ verdicts }: Report): Table {
  return {
    title: "Limits",
    head: ["Limit", "Severity", "Observed", "Allowed", "Headroom", "Verdict"],
    rows: verdicts.map((verdict) => [
      verdict.title,
      verdict.limit.severity,
      formatValue(verdict.observed, verdict.limit.unit, verdict.limit.id) + used(verdict),
      formatLimit(verdict.limit),
      formatShare(verdict.headroom),
      verdictInWords(verdict),
    ]),
  };
}

function checks({ checks }: Report): Table {
  return {
    title: "The run itself",
    head: ["Condition", "Found", "Verdict"],
    rows: checks.map(({ title, found, holds }) => [title, found, holds ? "holds" : "FAILED"]),
  };
}

function throughput({ measurements: m }: Report): Table {
  const { k6, saturation } = m;
  return {
    title: "Throughput",
    head: ["", "Requests", "Messages"],
    rows: [
      ["Sent", formatCount(k6.requests), formatCount(k6.messages.sent)],
      ["Answered", formatCount(k6.requests - k6.failed), formatCount(k6.messages.answered)],
      ["Failed, of these refused", `${formatCount(k6.failed)}, ${formatCount(k6.refused)}`, ""],
      ["Left out (not sent in time)", formatCount(k6.dropped), ""],
      ["Each second", formatRate(m.requestsPerSecond), formatRate(m.messagesPerSecond)],
      ...(saturation
        ? [["Highest rate within the limits", "", `${formatRate(saturation.messagesPerSecond)}/s`]]
        : []),
      ["From the cache", "", formatShare(m.cache.hitRate)],
    ],
  };
}

function agreementInWords({ agrees, differenceSeconds, allowedSeconds }: Agreement): string {
  const difference = `they differ by ${formatSeconds(Math.abs(differenceSeconds))}`;
  const allowed = allowedSeconds === null ? "unlimited" : formatSeconds(allowedSeconds);
  return agrees
    ? `agree (${difference}, a histogram bucket is ${allowed} wide)`
    : `DISAGREE (${difference}, a histogram bucket is only ${allowed} wide): look at the load machine`;
}

const timeRow = (title: string, time: Time | undefined, says = ""): string[][] =>
  time ? [[title, formatSeconds(time.mean), formatSeconds(time.p95), says]] : [];

/** What the means leave over; nothing when the parts overlap. */
const restRow = (title: string, rest: number, says: string): string[][] =>
  rest > 0 ? [[title, formatSeconds(rest), "-", says]] : [];

function time({ measurements: m }: Report): Table {
  const { latency } = m.k6;
  const { request, queueWait, batch, batchSize } = m.server;
  return {
    title: "Where the time goes",
    head: ["", "Mean", "P95", ""],
    rows: [
      [
        "Request, seen by k6",
        formatSeconds(latency.mean),
        formatSeconds(latency.p95),
        `median ${formatSeconds(latency.p50)}, P99 ${formatSeconds(latency.p99)}, ` +
          `longest ${formatSeconds(latency.max)}`,
      ],
      ...timeRow(
        "Request, seen by the exporter",
        request,
        m.agreement && agreementInWords(m.agreement),
      ),
      ...timeRow("Waiting in the queue", queueWait),
      ...timeRow(
        "Model, one batch",
        batch,
        batchSize === undefined ? "" : `${formatRate(batchSize)} messages on average`,
      ),
      ...(request && queueWait && batch
        ? restRow(
            "Rest of the exporter",
            request.mean - queueWait.mean - batch.mean,
            "HTTP, JSON, words, cache, attribution",
          )
        : []),
      ...(request
        ? restRow("Between k6 and the exporter", latency.mean - request.mean, "loopback, k6")
        : []),
    ],
  };
}

function attribution({ profile, measurements }: Report): Table[] {
  if (profile.attribution === "none") return [];
  const { entropy, sparsity, undefined: without } = measurements.k6.attribution;
  return [
    {
      title: `Attribution quality (${profile.attribution})`,
      head: ["", "Mean", "Messages within the limit"],
      rows: [
        ["Entropy", formatValue(entropy.mean, "nats"), formatShare(entropy.inRange)],
        [
          "Sparsity (Gini)",
          formatValue(sparsity.mean, "ratio", "attribution_sparsity"),
          formatShare(sparsity.inRange),
        ],
        ["Undefined", "", `${formatCount(without)} messages had too few words that count`],
      ],
    },
  ];
}

function memory({ measurements: { memory } }: Report): Table[] {
  const rows = Object.entries(memory.peakBytes).map(([scope, bytes]) => [
    scope,
    formatBytes(bytes),
    memory.capacityBytes === undefined ? "-" : formatShare(bytes / memory.capacityBytes),
    memory.capacityBytes === undefined ? "-" : formatShare(1 - bytes / memory.capacityBytes),
  ]);
  if (rows.length === 0) return [];
  return [
    {
      title: "Memory, highest",
      head: ["Scope", "Used", "Of capacity", "Left of capacity"],
      rows,
    },
  ];
}

function goals({ goals }: Report): Table[] {
  if (goals.length === 0) return [];
  return [
    {
      title: "Goals (aims of the reference load; they fail nothing)",
      head: ["Goal", "Observed", "Aim", ""],
      rows: goals.map(({ title, unit, observed, goal, bound, reached }) => [
        title,
        formatValue(observed, unit),
        `${bound === "upper" ? "at most" : "at least"} ${formatValue(goal, unit)}`,
        reached ? "reached" : "not reached",
      ]),
    },
  ];
}

function gains({ gains }: Report): Table[] {
  if (gains.length === 0) return [];
  return [
    {
      title:
        "Gain over saved baselines (above 1 is better now; a fixed rate bounds the throughput)",
      head: ["Compared with", "Throughput", "P95", "Memory"],
      rows: gains.map(({ over, throughput, latency, memory }) => [
        over,
        formatRatio(throughput),
        formatRatio(latency),
        formatRatio(memory),
      ]),
    },
  ];
}

/** The report's parts in order. */
export function tablesOf(report: Report): Table[] {
  return [
    limits(report),
    checks(report),
    throughput(report),
    time(report),
    ...attribution(report),
    ...memory(report),
    ...goals(report),
    ...gains(report),
  ];
}
