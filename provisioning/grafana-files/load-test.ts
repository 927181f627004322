import { EMPTY } from "./appearance.ts";
import { type DashboardParts, headroomDashboard, type NamedDashboard } from "./dashboard.ts";
import { JOB, K6, perSecond, RECORDED, series, WINDOW } from "./expressions.ts";
import { type Graph, graphRows } from "./graphs.ts";
import { ERRORS, MEMORY, TRAFFIC, TIMED } from "./shared-panels.ts";
import { type StatPanel, statPanels } from "./stat-panels.ts";

/** A load run as k6 and the exporter see it, side by side. */
export function loadTest(parts: DashboardParts): NamedDashboard {
  return headroomDashboard(parts, {
    uid: "headroom-load",
    title: "Headroom: load test",
    rows: [
      { height: 4, panels: statPanels(LOAD_STATS, parts) },
      ...graphRows([...BOTH_SIDES, ...LOAD_GRAPHS], parts, EMPTY.load),
    ],
  });
}

const NO_RUN = "no load run";

const rate = (counter: string): string => `sum(rate(${counter}[${WINDOW}]))`;

/** The numbers of the load test dashboard; k6 has values while a run writes to this Prometheus. */
const LOAD_STATS: readonly StatPanel[] = [
  {
    title: "Virtual users",
    description: "Number of k6's virtual users that are ready or at work.",
    expr: `sum(${K6.allUsers})`,
    noValue: NO_RUN,
  },
  {
    title: "Requests of k6",
    description: "Requests a second over the last minute that k6 has an answer to.",
    expr: rate(K6.requests),
    unit: "reqps",
    noValue: NO_RUN,
  },
  TRAFFIC,
  {
    title: "Latency of k6, P95",
    description:
      "Seconds, P95 of the sentiment requests that were answered or missed their deadline, as k6 " +
      "measured them since its run began.",
    expr: `max(${K6.sentimentP95})`,
    unit: "s",
    noValue: NO_RUN,
    limit: "latency_p95",
  },
  {
    title: "Failures of k6",
    description: `Since k6's run began: ${ERRORS}; of the kind of request that fails most.`,
    expr: `max(${K6.errors})`,
    unit: "percentunit",
    noValue: NO_RUN,
    limit: "error_ratio",
  },
  {
    title: "Checks passed",
    description: "Share of the answers since k6's run began that passed the check that fails most.",
    expr: `min(${K6.checks})`,
    unit: "percentunit",
    noValue: NO_RUN,
  },
];

const k6Rate = (counter: string, by: string): string =>
  `sum by (${by}) (rate(${counter}[${WINDOW}]))`;

/** The two P95s of each kind of request: as k6 sees it, and as the exporter does. */
const BOTH_SIDES: readonly (readonly Graph[])[] = [
  [
    {
      title: "Latency as k6 sees it, P95",
      description:
        "Seconds of sentiment requests since the run began, with the way between k6 and the exporter. " +
        TIMED,
      unit: "s",
      queries: [[`max(${K6.sentimentP95})`, "k6"]],
      limit: "latency_p95",
      showsLimit: true,
    },
    {
      title: "Latency as the exporter sees it, P95",
      description: `Seconds of sentiment requests of the last minute, from acceptance to the last byte. ${TIMED}`,
      unit: "s",
      queries: [[series(RECORDED.p95), "P95$exporter", "latency"]],
      limit: "latency_p95",
      showsLimit: true,
    },
  ],
  [
    {
      title: "Status answers as k6 sees them, P95",
      description:
        "Seconds since the run began, by scenario, of answers and missed deadlines. Each has a target " +
        "of its own, which the dashboard of status analyses draws.",
      unit: "s",
      queries: [[`max by (status_scenario) (${K6.statusP95})`, "{{status_scenario}}"]],
    },
    {
      title: "Status answers as the exporter sees them, P95",
      description: "Seconds of the last minute, by scenario, from acceptance to the last byte.",
      unit: "s",
      queries: [[series(RECORDED.statusP95), "{{scenario}}$exporter", "status"]],
    },
  ],
];

/** The other graphs of the load test dashboard, in rows. */
const LOAD_GRAPHS: readonly (readonly Graph[])[] = [
  [
    {
      title: "Requests a second",
      description:
        "Requests a second over the last minute: those that k6 has an answer to, and those that " +
        "the exporter ended. The exporter also counts what others send.",
      unit: "reqps",
      queries: [
        [k6Rate(K6.requests, "name"), "k6, {{name}}"],
        [perSecond("sentiment_requests_total", ""), "exporter, POST /v1/sentiment"],
        [perSecond("headroom_status_requests_total", ""), "exporter, POST /v1/status"],
        [perSecond("headroom_chat_requests_total", ""), "exporter, OpenAI's API"],
      ],
    },
    {
      title: "Errors",
      description:
        `A share: ${ERRORS}. k6 counts since its run began, the exporter over the last minute; its ` +
        "refusals, which are a part of its errors, stand apart.",
      unit: "percentunit",
      queries: [
        [`max by (name) (${K6.errors})`, "k6, {{name}}"],
        [series(RECORDED.errors), "exporter, errors, {{work}}$exporter"],
        [series(RECORDED.refusals), "exporter, refusals, {{work}}$exporter"],
      ],
      limit: "error_ratio",
      showsLimit: true,
    },
  ],
  [
    {
      title: "Virtual users over time",
      description:
        "Number of k6's virtual users that wait for an answer at this moment, and of all. When all are " +
        "at work, k6 can no longer keep the rate that it was told.",
      queries: [
        [`sum(${K6.users})`, "at work"],
        [`sum(${K6.allUsers})`, "all"],
      ],
    },
    {
      title: "Checks",
      description: "Share of the answers since k6's run began that passed, by check.",
      unit: "percentunit",
      queries: [[`min by (check) (${K6.checks})`, "{{check}}"]],
    },
  ],
  [
    MEMORY,
    {
      title: "Processor time of the exporter",
      description:
        "Seconds of processor time in each second, so 1 is one core; the chat model's own process " +
        "is not in it.",
      queries: [
        [perSecond("process_cpu_seconds_total", "instance", JOB), "processor time$exporter"],
      ],
    },
  ],
];
