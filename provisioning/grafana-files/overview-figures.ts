import { MEMORY_FRACTION } from "@headroom/alerts/limits";
import { COLOURS } from "./colours.ts";
import { believed, series } from "./expressions.ts";
import type { Figure } from "./figures.ts";
import { NO_TRAFFIC } from "./mappings.ts";
import { RECORDED } from "./recorded.ts";
import type { Runbook } from "./runbooks.ts";
import { runbooksFor } from "./runbooks.ts";
import { alertsFiring, MESSAGES_A_SECOND } from "./shared-figures.ts";
import { ERRORS, TIMED, WELL_MEANT } from "./words.ts";

/** The numbers of the overview, in the order in which they are shown. */
export function overviewFigures(runbooks: readonly Runbook[]): readonly Figure[] {
  return [
    alertsFiring(runbooks),
    MESSAGES_A_SECOND,
    {
      title: "Latency, P95",
      description: `Seconds, P95 of the last minute, of the slowest exporter. ${TIMED}`,
      expr: `max(${series(RECORDED.p95)})`,
      unit: "s",
      limit: "latency_p95",
      told: "latency",
      noValue: NO_TRAFFIC,
    },
    {
      title: "Memory of limit",
      description:
        "Memory used as a share of its warning limit, in the scope that is nearest to it: 100 % is at " +
        `the warning limit, ${percent(CRITICAL_PER_WARNING)} at the critical one. What the limits of a ` +
        "scope are depends on its own capacity, and stands in the graph of memory by scope.",
      expr: `max(${series(RECORDED.memoryPerLimit)})`,
      unit: "percentunit",
      decimals: 0,
      steps: [
        { value: null, color: COLOURS.inside },
        { value: 1, color: COLOURS.warning },
        { value: CRITICAL_PER_WARNING, color: COLOURS.critical },
      ],
      runbooks: runbooksFor(runbooks, "memory"),
    },
    {
      title: "Errors",
      description: `Of the last minute: ${ERRORS}; of the worst exporter. ${WELL_MEANT}`,
      expr: `max(${series(RECORDED.errors)})`,
      unit: "percentunit",
      limit: "error_ratio",
      noValue: NO_TRAFFIC,
    },
    {
      title: "Answered from the cache",
      description: "Share of the messages of the last minute that a cache answered, and no model.",
      expr: believed(
        `sum(${series(RECORDED.messages, 'source="cache"')}) / sum(${series(RECORDED.messages)})`,
        "sentiment_messages_total",
        "",
      ),
      unit: "percentunit",
      noValue: NO_TRAFFIC,
    },
  ];
}

/** The critical limit of memory as a multiple of the warning: the same for every capacity. */
const CRITICAL_PER_WARNING = MEMORY_FRACTION.critical / MEMORY_FRACTION.warning;

const percent = (ratio: number): string => `${Math.round(100 * ratio)} %`;
