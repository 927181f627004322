import { byHeadroom, headroomInWords } from "../../alerts/headroom.ts";
import { statusLimit } from "../../alerts/limits.ts";
import type { FallbackReason } from "../plan/answers.ts";
import {
  formatCount,
  formatEstimate,
  formatRate,
  formatSeconds,
  formatShare,
  formatValue,
  type Table,
} from "./format.ts";
import type {
  Agreement,
  Measurements,
  SentimentMeasurements,
  StatusMeasurements,
  Time,
} from "./measurements.ts";
import type { Verdict } from "./verdicts.ts";

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

/** The parts of the report that are about status requests. */
export function statusTables(m: StatusMeasurements, verdicts: readonly Verdict[]): Table[] {
  return [scenarios(m, verdicts), totals(m)];
}

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

/** Whether two measurements of the same time agree, in words. */
export function agreementInWords({ agrees, differenceSeconds, allowedSeconds }: Agreement): string {
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
  const { method, entropy, sparsity, bothInRange, undefined: without } = of;
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
      ["Both", "", formatShare(bothInRange)],
      ["Undefined", "", `${formatCount(without)} messages had too few words that count`],
    ],
  };
}

/** Why a summary was not the model's, in words. */
const WHY: Readonly<Record<FallbackReason, string>> = {
  no_findings: "there was nothing to report",
  no_model: "there is no model",
  language: "the model does not speak the language",
  deadline: "the deadline came first",
  model_failed: "the model failed",
  ungrounded: "the model left its grammar",
};

/** Each scenario with its verdict: as the verdicts are, the one with the least headroom first. */
function nearestFirst(measured: StatusMeasurements["scenarios"], verdicts: readonly Verdict[]) {
  const all = measured.map((one) => {
    const id = statusLimit(one.scenario).id;
    return { one, verdict: verdicts.find(({ limit }) => limit.id === id) };
  });
  const left = ({ verdict }: (typeof all)[number]) => verdict?.headroom ?? Number.NaN;
  return all.sort((a, b) => byHeadroom(left(a), left(b)));
}

/** Each scenario with the limit that it was held against. */
function scenarios(m: StatusMeasurements, verdicts: readonly Verdict[]): Table {
  return {
    title: "Status answers",
    head: [
      "Scenario",
      "Requests",
      "Mean",
      "P95",
      "Longest",
      "Target",
      "Headroom",
      "Cached",
      "Model",
    ],
    optional: [4, 2],
    rows: nearestFirst(m.scenarios, verdicts).map(({ one, verdict }) => {
      const target = verdict?.limit.bound === "upper" ? verdict.limit.upper : Number.NaN;
      return [
        one.scenario.replaceAll("-", " "),
        formatCount(one.requests),
        formatSeconds(one.meanSeconds),
        formatSeconds(one.p95Seconds),
        formatSeconds(one.longestSeconds),
        formatSeconds(target),
        verdict ? headroomInWords(verdict.limit, verdict.observed, 1) : "-",
        formatShare(one.hitRate),
        formatShare(one.modelShare),
      ];
    }),
  };
}

function totals(m: StatusMeasurements): Table {
  const fallbacks = (Object.keys(WHY) as FallbackReason[])
    .map((reason) => ({ count: m.fallbacks[reason], why: WHY[reason] }))
    .filter(({ count }) => count > 0);
  const own = fallbacks.reduce((sum, { count }) => sum + count, 0);
  return {
    title: "Status answers in all",
    head: ["", "", ""],
    rows: [
      [
        "Answered",
        formatShare(m.successShare),
        `${formatCount(m.answers)} of ${formatCount(m.requests)}, ${formatCount(m.refused)} refused`,
      ],
      [
        "Time, mean",
        formatSeconds(m.latency.mean),
        `the answers themselves tell ${formatSeconds(m.toldMeanSeconds)}`,
      ],
      ["From the cache", formatShare(m.hitRate), `${formatCount(m.cached)} answers`],
      [
        "Arranged by the model",
        formatShare(m.modelShare),
        `${formatCount(m.fromModel)} of ${formatCount(m.answers)} answers`,
      ],
      [
        "The findings' own sentences",
        formatCount(own),
        fallbacks.map(({ count, why }) => `${formatCount(count)}: ${why}`).join("; "),
      ],
    ],
  };
}
