import { headroomInWords, NEAR_RATIO } from "../../alerts/headroom.ts";
import { MEMORY_SCOPES } from "../../alerts/limits.ts";
import type { AskedAnswer } from "../run/ask-status.ts";
import {
  formatBytes,
  formatLimit,
  formatRatio,
  formatSeconds,
  formatShare,
  formatValue,
  type Table,
} from "./format.ts";
import { chatTables } from "./chat-tables.ts";
import { sentimentTables, statusTables } from "./message-and-status-tables.ts";
import type { Shown } from "./report.ts";
import { shownStep, usersInWords } from "./sweep.ts";
import { MEMORY_PARTS } from "./snapshot.ts";
import type { Verdict } from "./verdicts.ts";

/** The report's parts in order, without those that have nothing to show. */
export function tablesOf(report: Shown): Table[] {
  const { profile, measurements, sweep } = report;
  const { sentiment, status, saturation } = measurements;
  const ofChat = profile.chat ? chatTables(measurements, profile.chat, sweep) : [];
  return [
    // Of a sweep, its steps are the report, and the rest is about one of them.
    ...(sweep ? ofChat : []),
    limits(report),
    checks(report),
    ...(sentiment ? sentimentTables(sentiment, saturation) : []),
    ...(status ? statusTables(status, report.verdicts) : []),
    ...(sweep ? [] : ofChat),
    memory(report),
    goals(report),
    gains(report),
    answers(report),
  ].filter(({ rows }) => rows.length > 0);
}

/** A limit's verdict in words. */
function verdictInWords({ status, headroom, limit, observed }: Verdict): string {
  switch (status) {
    case "within":
      return headroom < NEAR_RATIO ? "within, near" : "within";
    case "not measured":
      return "not measured";
    case "broken":
      if (limit.bound === "band") return "BROKEN: outside the band";
      if (headroom === 0) return "BROKEN: at the limit";
      return headroom < -1
        ? `BROKEN: ${headroomInWords(limit, observed)}`
        : `BROKEN by ${formatShare(-headroom)}`;
  }
}

function limits({ verdicts, sweep }: Shown): Table {
  return {
    title: sweep ? `Limits at ${usersInWords(shownStep(sweep).users)}` : "Limits",
    head: ["Limit", "Severity", "Observed", "Of capacity", "Allowed", "Headroom", "Verdict"],
    // The table of memory has the one; whatever breaks is named with the other.
    optional: [3, 1],
    rows: verdicts.map((verdict) => [
      verdict.title,
      verdict.limit.severity,
      formatValue(verdict.observed, verdict.limit.unit, verdict.limit.id),
      verdict.usedOfCapacity === undefined ? "" : formatShare(verdict.usedOfCapacity),
      formatLimit(verdict.limit),
      headroomInWords(verdict.limit, verdict.observed, 1),
      verdictInWords(verdict),
    ]),
  };
}

function checks({ checks }: Shown): Table {
  return {
    title: "The run itself",
    head: ["Condition", "Found", "Verdict"],
    rows: checks.map(({ title, found, holds }) => [title, found, holds ? "holds" : "FAILED"]),
  };
}

function memory({ measurements: { memory } }: Shown): Table {
  const capacities: Readonly<Partial<Record<string, number>>> = memory.capacityBytes;
  return {
    title: "Memory, highest",
    head: ["Scope", "Used", "Capacity", "Of capacity"],
    rows: [...MEMORY_SCOPES, ...MEMORY_PARTS].flatMap((scope) => {
      const [bytes, capacity = Number.NaN] = [memory.peakBytes[scope], capacities[scope]];
      if (bytes === undefined) return [];
      return [[scope, formatBytes(bytes), formatBytes(capacity), formatShare(bytes / capacity)]];
    }),
  };
}

function goals({ goals }: Shown): Table {
  return {
    title: "Goals (aims of the reference load; they fail nothing)",
    head: ["Goal", "Observed", "Aim", ""],
    rows: goals.map(({ title, unit, observed, goal, bound, reached, unanswered }) => [
      title,
      formatValue(observed, unit),
      `${bound === "upper" ? "at most" : "at least"} ${formatValue(goal, unit)}`,
      reached ? "reached" : unanswered ? "not reached: too few were answered" : "not reached",
    ]),
  };
}

function gains({ gains }: Shown): Table {
  return {
    title: "Gain over saved baselines (above 1 is better now; a fixed rate bounds the throughput)",
    head: gains.some(({ perOutputToken }) => perOutputToken !== undefined)
      ? ["Compared with", "Output tokens/s", "First token, P95", "Each further token, P95"]
      : ["Compared with", "Throughput", "P95", "Memory"],
    rows: gains.map(({ over, throughput, latency, memory, perOutputToken }) => [
      over,
      formatRatio(throughput),
      formatRatio(latency),
      formatRatio(perOutputToken ?? memory),
    ]),
  };
}

function answers({ statusAnswers = [] }: Shown): Table {
  return {
    title: "The machine, in eight answers",
    head: ["Scenario", "Status", "Answer", "Words", "Time", "Target"],
    stateAt: 1,
    rows: statusAnswers.map((answer) => [
      answer.scenario.replaceAll("-", " "),
      answer.status ?? "-",
      textOf(answer),
      answer.summaryFrom ?? "-",
      formatSeconds(answer.seconds),
      formatSeconds(answer.targetSeconds),
    ]),
  };
}

const textOf = ({ summary, failure }: AskedAnswer): string =>
  [summary, failure && `FAILED: ${failure}`].filter((part) => part !== undefined).join("\n");
