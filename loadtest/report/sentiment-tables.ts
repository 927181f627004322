import {
  formatCount,
  formatEstimate,
  formatRate,
  formatSeconds,
  formatShare,
  formatValue,
} from "./format.ts";
import type { Measurements } from "./measurements.ts";
import type { Agreement, SentimentMeasurements, Time } from "./sentiment-measurements.ts";
import type { Table } from "./table.ts";

function throughput(m: SentimentMeasurements, saturation: Measurements["saturation"]): Table {
  const excluded = m.requests - m.wellMeant;
  return {
    title: "Throughput",
    head: ["", "Requests", "Messages"],
    rows: [
      ["Sent", formatCount(m.requests), formatCount(m.messages.sent)],
      ["Answered", formatCount(m.wellMeant - m.failed), formatCount(m.messages.answered)],
      ["Failed, of these refused", `${formatCount(m.failed)}, ${formatCount(m.refused)}`, ""],
      ["Error ratio", formatShare(m.errorRatio), ""],
      ...(excluded > 0 ? [["Wrong or cut off, no errors", formatCount(excluded), ""]] : []),
      ["Left out (not sent in time)", formatCount(m.dropped), ""],
      ["Each second", formatRate(m.requestsPerSecond), formatRate(m.messagesPerSecond)],
      ...(saturation
        ? [["Highest rate within the limits", "", `${formatRate(saturation.messagesPerSecond)}/s`]]
        : []),
      ["From the cache", "", formatShare(m.cache.hitRate)],
    ],
  };
}

function agreementInWords({ agrees, differenceSeconds, allowedSeconds }: Agreement): string {
  if (agrees === null) return "not to be compared: the exporter's histogram ends there";
  const difference = `they differ by ${formatSeconds(Math.abs(differenceSeconds))}`;
  const allowed = formatSeconds(allowedSeconds);
  return agrees
    ? `agree (${difference}, a histogram bucket is ${allowed} wide)`
    : `DISAGREE (${difference}, a histogram bucket is only ${allowed} wide): look at the load machine`;
}

const timeRow = (title: string, time: Time | undefined, says = ""): string[][] =>
  time ? [[title, formatSeconds(time.mean), formatEstimate(time.p95), says]] : [];

/** What the means leave over; nothing when the parts overlap. */
const restRow = (title: string, rest: number, says: string): string[][] =>
  rest > 0 ? [[title, formatSeconds(rest), "-", says]] : [];

function time({ latency, server, agreement }: SentimentMeasurements): Table {
  const { request, queueWait, batch, batchSize } = server;
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
        agreement && agreementInWords(agreement),
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
            "HTTP, JSON, cache, attribution",
          )
        : []),
      ...(request
        ? restRow("Between k6 and the exporter", latency.mean - request.mean, "loopback, k6")
        : []),
    ],
  };
}

function attribution(of: NonNullable<SentimentMeasurements["attribution"]>): Table {
  const { method, entropy, sparsity, undefined: without } = of;
  return {
    title: `Attribution quality (${method})`,
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
  };
}

/** The parts of the report that are about messages. */
export function sentimentTables(
  m: SentimentMeasurements,
  saturation: Measurements["saturation"],
): Table[] {
  return [
    throughput(m, saturation),
    time(m),
    ...(m.attribution ? [attribution(m.attribution)] : []),
  ];
}
