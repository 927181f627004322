import { tenOf, wholeOf, worstOf } from "@headroom/alerts/rules/fleet";
import { alertsStat } from "./alert-panels.ts";
import { CRITICAL_PER_WARNING, EMPTY, NO_TRAFFIC, turnsAt } from "./appearance.ts";
import { type DashboardParts, headroomDashboard, type NamedDashboard } from "./dashboard.ts";
import { JOB, RECORDED, series } from "./expressions.ts";
import { type Graph, graphRows } from "./graphs.ts";
import { fleetPanel } from "./limits-panel.ts";
import { type Runbook, runbooksFor } from "./runbooks.ts";
import { ERRORS, TIMED } from "./shared-panels.ts";
import { type StatPanel, statPanels } from "./stat-panels.ts";

/** Many exporters at once: all of them together, and the ones to look at. */
export function fleet(parts: DashboardParts): NamedDashboard {
  const { limits, runbooks } = parts;
  return headroomDashboard(parts, {
    uid: "headroom-fleet",
    title: "Headroom: fleet",
    rows: [
      { height: 4, panels: [alertsStat(), ...statPanels(fleetStats(runbooks), parts)] },
      {
        height: 16,
        panels: [
          fleetPanel(limits, runbooks, {
            title: "The fleet as a whole",
            description:
              "All exporters as if they were one: a P95 from the sum of their buckets, a share from the sums of what was counted.",
            of: "whole",
          }),
          fleetPanel(limits, runbooks, {
            title: "The exporter nearest to each limit",
            description:
              "For each limit the exporter with the least headroom. One that is far beyond may not show in the whole.",
            of: "worst",
          }),
        ],
      },
      ...graphRows(FLEET_GRAPHS, parts, EMPTY.sentiment),
    ],
  });
}

/** The numbers of the fleet beside the alerts, in the order in which they are shown. */
function fleetStats(runbooks: readonly Runbook[]): readonly StatPanel[] {
  return [
    {
      title: "Exporters that answer",
      description: "Number of exporters whose last scrape succeeded.",
      expr: `sum(${series("up", JOB)})`,
    },
    {
      title: "Latency of the fleet, P95",
      description: `Seconds, P95 of the last minute, of all exporters together. ${TIMED}`,
      expr: `max(${wholeOf(RECORDED.p95)})`,
      unit: "s",
      limit: "latency_p95",
      told: "latency",
      noValue: NO_TRAFFIC,
    },
    {
      title: "Errors of the fleet",
      description: `Of the last minute: ${ERRORS}, of all exporters together; of the worst kind of work.`,
      expr: `max(${wholeOf(RECORDED.errors)})`,
      unit: "percentunit",
      limit: "error_ratio",
      noValue: NO_TRAFFIC,
    },
    {
      title: "Messages of the fleet",
      description: "Messages answered a second over the last minute, by all exporters.",
      expr: `sum(${wholeOf(RECORDED.messages)})`,
      unit: "short",
    },
    {
      title: "Memory nearest to its limit",
      description:
        "Memory used as a share of its warning limit, in the exporter and scope that are nearest to it.",
      expr: `max(${worstOf(RECORDED.memoryPerLimit)})`,
      unit: "percentunit",
      decimals: 0,
      steps: turnsAt({ warning: 1, critical: CRITICAL_PER_WARNING }),
      runbooks: runbooksFor(runbooks, "memory"),
    },
  ];
}

const whole = (metric: string, legend: string) => [wholeOf(metric), legend] as const;
const worst = (metric: string, legend: string) => [worstOf(metric), legend] as const;
const ten = (metric: string) => series(tenOf(metric));

/** The whole beside the worst, and the exporters to look at. */
const FLEET_GRAPHS: readonly (readonly Graph[])[] = [
  [
    {
      title: "Latency, whole and worst",
      description: `Seconds, P95 of the last minute. ${TIMED} The lines are the limits.`,
      unit: "s",
      queries: [
        [...whole(RECORDED.p95, "all exporters"), "latency"],
        [...worst(RECORDED.p95, "slowest exporter"), "latency"],
      ],
      limit: "latency_p95",
      showsLimit: true,
    },
    {
      title: "Errors, whole and worst",
      description: `Of the last minute: ${ERRORS}. The lines are the limits.`,
      unit: "percentunit",
      queries: [
        whole(RECORDED.errors, "{{work}}, all exporters"),
        worst(RECORDED.errors, "{{work}}, worst exporter"),
      ],
      limit: "error_ratio",
      showsLimit: true,
    },
    {
      title: "Throughput of the fleet",
      description: "Messages answered a second over the last minute, by what answered them.",
      queries: [whole(RECORDED.messages, "{{source}}")],
    },
  ],
  [
    {
      title: "The ten slowest exporters",
      description: `Seconds, P95 of the last minute. ${TIMED}`,
      unit: "s",
      queries: [[ten(RECORDED.p95), "P95$exporter", "latency"]],
      limit: "latency_p95",
    },
    {
      title: "The ten exporters with the most errors",
      description: `Of the last minute: ${ERRORS}.`,
      unit: "percentunit",
      queries: [[ten(RECORDED.errors), "{{work}}$exporter"]],
      limit: "error_ratio",
    },
    {
      title: "The ten exporters with the least memory left",
      description: "Memory used as a share of its warning limit, by scope: 100 % is at the limit.",
      unit: "percentunit",
      queries: [[ten(RECORDED.memoryPerLimit), "{{scope}}$exporter"]],
    },
  ],
];
