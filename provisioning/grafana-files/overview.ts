import { alertsStat } from "./alert-panels.ts";
import { CRITICAL_PER_WARNING, EMPTY, NO_TRAFFIC, turnsAt } from "./appearance.ts";
import { type DashboardParts, headroomDashboard, type NamedDashboard } from "./dashboard.ts";
import { K6, RECORDED, series } from "./expressions.ts";
import { type Graph, graphPanels, graphRows } from "./graphs.ts";
import { lanesPanel, qualityMapPanel } from "./limits-panel.ts";
import { type Runbook, runbooksFor } from "./runbooks.ts";
import {
  ERRORS,
  LATENCY,
  MEMORY,
  TRAFFIC,
  QUEUE,
  THROUGHPUT,
  TIMED,
  WELL_MEANT,
} from "./shared-panels.ts";
import { type StatPanel, statPanels } from "./stat-panels.ts";

/** Every limit, the quality of the attributions, six figures and the graphs behind them. */
export function overview(parts: DashboardParts): NamedDashboard {
  const { limits, runbooks } = parts;
  return headroomDashboard(parts, {
    uid: "headroom-overview",
    title: "Headroom",
    rows: [
      // The golden signals first: what fires, latency, errors, traffic, saturation and memory; and below
      // them the nearest limits, in a window of 1440 x 900 without scrolling.
      { height: 4, panels: [alertsStat(), ...statPanels(overviewStats(runbooks), parts)] },
      {
        height: 16,
        panels: [
          lanesPanel(limits, runbooks, {
            empty: EMPTY.exporter,
            title: "Distance to every limit",
            description:
              "Each measure against its limits, nearest first whenever a state changes: memory in bytes, times in seconds " +
              `(P95 over the last minute), errors as a share (${ERRORS}), goodput and KV cache as shares, ` +
              "attribution entropy in nats and sparsity as a Gini index from 0 to 1.",
          }),
        ],
      },
      {
        height: 10,
        panels: [qualityMapPanel(limits, runbooks), ...graphPanels([LATENCY], parts)],
      },
      ...graphRows(OVERVIEW_GRAPHS, parts, EMPTY.sentiment),
    ],
  });
}

/** The numbers of the overview beside the alerts, in the order in which they are shown. */
function overviewStats(runbooks: readonly Runbook[]): readonly StatPanel[] {
  return [
    {
      title: "Latency, P95",
      description:
        "Seconds, P95 of the last minute, of the slowest exporter: of requests to analyse messages, and " +
        `of the first token of chat requests, of the slowest model. ${TIMED}`,
      expr: `max(${series(RECORDED.p95)})`,
      legend: "messages",
      beside: {
        expr: `max(${series(RECORDED.chat.firstToken)})`,
        legend: "first token",
        limit: "first_token_p95",
        told: "firstToken",
      },
      unit: "s",
      limit: "latency_p95",
      told: "latency",
      noValue: NO_TRAFFIC,
    },
    {
      title: "Errors",
      description: `Of the last minute: ${ERRORS}; of the worst exporter and kind of work. ${WELL_MEANT}`,
      expr: `max(${series(RECORDED.errors)})`,
      unit: "percentunit",
      limit: "error_ratio",
      noValue: NO_TRAFFIC,
    },
    TRAFFIC,
    {
      title: "Queue depth",
      description:
        "Messages, status requests and chat requests that wait for a model now: what grows here is " +
        "asked faster than it can be answered.",
      expr: ["headroom_queue_depth", "headroom_status_queue_depth", "headroom_chat_queue_depth"]
        .map((queue) => `(sum(${series(queue)}) or vector(0))`)
        .join(" + "),
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
      steps: turnsAt({ warning: 1, critical: CRITICAL_PER_WARNING }),
      runbooks: runbooksFor(runbooks, "memory"),
    },
  ];
}

const percent = (ratio: number): string => `${Math.round(100 * ratio)} %`;

const NOT_OK = 'outcome!="ok"';

/** The graphs of the overview, in rows. */
const OVERVIEW_GRAPHS: readonly (readonly Graph[])[] = [
  [
    THROUGHPUT,
    MEMORY,
    {
      title: "Failed requests",
      description:
        "Requests a second over the last minute, by how they ended. Server errors, refusals and " +
        "missed deadlines count as errors; what the client got wrong or broke off does not.",
      unit: "reqps",
      queries: [
        [`sum by (outcome) (${series(RECORDED.requests, NOT_OK)})`, "sentiment, {{outcome}}"],
        [`sum by (outcome) (${series(RECORDED.chat.requests, NOT_OK)})`, "chat, {{outcome}}"],
      ],
    },
  ],
  [
    {
      title: "Cache hits",
      description:
        "Share of the looked-up answers of the last minute that a cache tier held. Redis is only " +
        "asked for what memory did not hold.",
      unit: "percentunit",
      queries: [[series(RECORDED.cacheHits), "{{cache}} in {{tier}}$exporter"]],
    },
    QUEUE,
    {
      title: "Latency as k6 and the exporter see it",
      description:
        "Seconds, P95, of answers and missed deadlines. The exporter's covers the last minute and lies " +
        "between bucket edges; k6's covers its run from the beginning, and the way between them. k6 " +
        "has values while a load run writes to this Prometheus.",
      unit: "s",
      queries: [
        [`max(${series(RECORDED.p95)})`, "exporter", "latency"],
        [`max(${K6.sentimentP95})`, "k6"],
      ],
    },
  ],
];
