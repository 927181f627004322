import { alertsList, alertsStat, alertsTimeline } from "./alert-panels.ts";
import { EMPTY, turnsAt } from "./appearance.ts";
import { type DashboardParts, headroomDashboard, type NamedDashboard } from "./dashboard.ts";
import { JOB, perSecond, quantile, RECORDED, series } from "./expressions.ts";
import { type Graph, graphRows } from "./graphs.ts";
import type { Runbook } from "./runbooks.ts";
import { MEMORY, QUEUE } from "./shared-panels.ts";
import { type StatPanel, statPanels } from "./stat-panels.ts";

/** For the person on call: alerts, saturation, memory, cache, the process itself. */
export function operations(parts: DashboardParts): NamedDashboard {
  return headroomDashboard(parts, {
    uid: "headroom-operations",
    title: "Headroom: operations",
    rows: [
      { height: 4, panels: [alertsStat(), ...statPanels(operationsStats(parts.runbooks), parts)] },
      { height: 4, panels: statPanels(NAMES, parts) },
      { height: 8, panels: [alertsList(parts), alertsTimeline()] },
      ...graphRows(OPERATIONS_GRAPHS, parts, EMPTY.exporter),
    ],
  });
}

/** The numbers of the operations dashboard beside the alerts, in the order in which they are shown. */
function operationsStats(runbooks: readonly Runbook[]): readonly StatPanel[] {
  return [
    {
      title: "Incidents open",
      description:
        "Number of incident records that are not resolved: npm run incident -- list. A process of its " +
        "own keeps them for all exporters; while it is down, nobody counts.",
      expr: "sum(headroom_incidents_open)",
      runbooks: runbooks.filter(({ alert }) => alert === "HeadroomIncidentsDown"),
      steps: turnsAt({ warning: 1 }),
    },
    {
      title: "Exporters that answer",
      description: "Number of exporters whose last scrape succeeded.",
      expr: `sum(${series("up", JOB)})`,
    },
    {
      title: "Simulated exporters",
      description: "Number of exporters without a model, whose engine makes its answers up.",
      expr: `count(${series("headroom_build_info", 'simulated="true"')}) or vector(0)`,
      steps: turnsAt({ warning: 1 }),
    },
    {
      title: "Restarts, 1 hour",
      description: "How often a process began anew within the last hour, of all exporters.",
      expr: `sum(changes(${series("process_start_time_seconds", JOB)}[1h]))`,
      runbooks: runbooks.filter(({ alert }) => alert === "HeadroomRestarting"),
    },
    {
      title: "Cache failures",
      description:
        "Lookups a second over the last minute that a cache tier did not answer in time, and answers " +
        "that it did not store.",
      expr: `${perSecond("headroom_cache_requests_total", "", 'result="error"')} + ${perSecond("headroom_cache_writes_total", "", 'result="dropped"')}`,
      unit: "ops",
    },
  ];
}

/** What runs: the program and its models, as names. */
const NAMES: readonly StatPanel[] = [
  {
    title: "Build",
    description: "Version of the exporter and of Node.js, and the engine behind its models.",
    expr: series("headroom_build_info"),
    legend: "{{version}} on Node.js {{node}}, engine {{engine}}",
    showsNames: true,
  },
  {
    title: "Models",
    description: "The models that answer now, by their task.",
    expr: series("headroom_model_info"),
    legend: "{{task}}: {{model}}",
    showsNames: true,
  },
];

const SATURATION: readonly Graph[] = [
  QUEUE,
  {
    title: "Refused requests",
    description:
      "Requests a second over the last minute that were refused because the queue was full.",
    unit: "reqps",
    queries: [
      [
        perSecond("sentiment_requests_total", "instance", 'outcome="refused"'),
        "sentiment$exporter",
      ],
      [
        perSecond("headroom_status_requests_total", "instance", 'outcome="refused"'),
        "status$exporter",
      ],
      [perSecond("headroom_chat_requests_total", "instance", 'outcome="refused"'), "chat$exporter"],
    ],
  },
  {
    title: "Event-loop lag",
    description: "Seconds by which a timer of the exporter ran late over the last minute.",
    unit: "s",
    queries: [
      [quantile(0.5, "nodejs_eventloop_delay_seconds", "instance", JOB), "P50$exporter"],
      [quantile(0.99, "nodejs_eventloop_delay_seconds", "instance", JOB), "P99$exporter"],
    ],
  },
];

const CACHE: readonly Graph[] = [
  {
    title: "Cache lookups and writes that failed",
    description:
      "Lookups a second over the last minute that a tier did not answer in time, each a miss for " +
      "whoever asked, and answers that it did not store. Many mean that Redis is away; writes alone, " +
      "that it is full or a replica.",
    unit: "ops",
    queries: [
      [
        perSecond("headroom_cache_requests_total", "cache, tier", 'result="error"'),
        "lookups, {{cache}} in {{tier}}",
      ],
      [
        perSecond("headroom_cache_writes_total", "cache, tier", 'result="dropped"'),
        "writes, {{cache}} in {{tier}}",
      ],
    ],
  },
  {
    title: "Answers in the cache",
    description:
      "Number of answers that each cache tier holds. The caches share Redis, where it is all keys of " +
      "the database.",
    queries: [[series("headroom_cache_entries"), "{{cache}} in {{tier}}$exporter"]],
  },
];

const PROCESS: readonly Graph[] = [
  {
    title: "Uptime",
    description: "Seconds since the exporter began; it falls to 0 at each restart.",
    unit: "s",
    queries: [[`time() - ${series("process_start_time_seconds", JOB)}`, "uptime$exporter"]],
  },
  {
    title: "Scrapes of the exporter",
    description: "Seconds that Prometheus needs to read the exporter's metrics.",
    unit: "s",
    queries: [[series("scrape_duration_seconds", JOB), "scrape$exporter"]],
  },
];

/** The graphs of the operations dashboard, in rows. */
const OPERATIONS_GRAPHS: readonly (readonly Graph[])[] = [
  SATURATION,
  [
    MEMORY,
    {
      title: "Capacity used by scope",
      description: "Share of each scope's own capacity that is in use.",
      unit: "percentunit",
      queries: [[series(RECORDED.memoryShare), "{{scope}}$exporter"]],
      ofScopes: true,
    },
  ],
  [...CACHE, ...PROCESS],
];
