import type { FallbackReason } from "../plan/status-answer.ts";
import { headroomInWords } from "@headroom/alerts/headroom";
import { statusLimit } from "@headroom/alerts/limits";
import { formatCount, formatSeconds, formatShare } from "./format.ts";
import type { Verdict } from "./judge.ts";
import type { StatusMeasurements } from "./status-measurements.ts";
import type { Table } from "./table.ts";

/** Why a summary was not the model's, in words. */
const WHY: readonly (readonly [FallbackReason, string])[] = [
  ["no_findings", "there was nothing to report"],
  ["no_model", "there is no model"],
  ["language", "the model does not speak the language"],
  ["deadline", "the deadline came first"],
  ["model_failed", "the model failed"],
  ["ungrounded", "the model left its grammar"],
];

/** Each analysis with the limit that it was held against. */
function analyses(m: StatusMeasurements, verdicts: readonly Verdict[]): Table {
  return {
    title: "Status analyses",
    head: [
      "Analysis",
      "Requests",
      "Mean",
      "P95",
      "Longest",
      "Target",
      "Headroom",
      "Cached",
      "Model",
    ],
    rows: m.analyses.map((analysis) => {
      const id = statusLimit(analysis.scenario).id;
      const verdict = verdicts.find(({ limit }) => limit.id === id);
      const target = verdict?.limit.bound === "upper" ? verdict.limit.upper : Number.NaN;
      return [
        analysis.scenario.replaceAll("-", " "),
        formatCount(analysis.requests),
        formatSeconds(analysis.meanSeconds),
        formatSeconds(analysis.p95Seconds),
        formatSeconds(analysis.longestSeconds),
        formatSeconds(target),
        verdict ? headroomInWords(verdict.limit, verdict.observed, 1) : "-",
        formatShare(analysis.hitRate),
        formatShare(analysis.modelShare),
      ];
    }),
  };
}

const fallbacksInWords = (fallbacks: StatusMeasurements["fallbacks"]): string =>
  WHY.filter(([reason]) => fallbacks[reason] > 0)
    .map(([reason, words]) => `${formatCount(fallbacks[reason])}: ${words}`)
    .join("; ");

function totals(m: StatusMeasurements): Table {
  const own = Object.values(m.fallbacks).reduce((sum, count) => sum + count, 0);
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
      ["The findings' own sentences", formatCount(own), fallbacksInWords(m.fallbacks)],
    ],
  };
}

/** The parts of the report that are about status questions. */
export function statusTables(m: StatusMeasurements, verdicts: readonly Verdict[]): Table[] {
  return [analyses(m, verdicts), totals(m)];
}
