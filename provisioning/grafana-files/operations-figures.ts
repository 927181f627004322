import { COLOURS } from "./colours.ts";
import { perSecond, series } from "./expressions.ts";
import type { Figure } from "./figures.ts";
import { JOB } from "./instance.ts";
import type { Runbook } from "./runbooks.ts";
import { alertsFiring } from "./shared-figures.ts";

/** The numbers of the operations dashboard, in the order in which they are shown. */
export function operationsFigures(runbooks: readonly Runbook[]): readonly Figure[] {
  return [
    alertsFiring(runbooks),
    {
      title: "Alerts pending",
      description:
        "Number of Headroom's alerts whose condition holds, but not yet for long enough.",
      expr: `count(${series("ALERTS", 'alertname=~"Headroom.*"', 'alertstate="pending"')}) or vector(0)`,
      unit: "none",
      decimals: 0,
      steps: [
        { value: null, color: COLOURS.inside },
        { value: 1, color: COLOURS.warning },
      ],
    },
    {
      title: "Incidents open",
      description:
        "Number of incident records that are not resolved: npm run incident -- list. A process of its " +
        "own keeps them for all exporters; while it is down, nobody counts.",
      expr: "sum(headroom_incidents_open)",
      runbooks: runbooks.filter(({ alert }) => alert === "HeadroomIncidentsDown"),
      unit: "none",
      decimals: 0,
      steps: [
        { value: null, color: COLOURS.inside },
        { value: 1, color: COLOURS.warning },
      ],
    },
    {
      title: "Exporters that answer",
      description: "Number of exporters whose last scrape succeeded.",
      expr: `sum(${series("up", JOB)})`,
      unit: "none",
      decimals: 0,
    },
    {
      title: "Restarts, 1 hour",
      description: "How often a process began anew within the last hour, of all exporters.",
      expr: `sum(changes(${series("process_start_time_seconds", JOB)}[1h]))`,
      unit: "none",
      decimals: 0,
      runbooks: runbooks.filter(({ alert }) => alert === "HeadroomRestarting"),
    },
    {
      title: "Cache failures",
      description:
        "Lookups a second over the last minute that a cache tier did not answer in time, and answers " +
        "that it did not store.",
      expr: `${perSecond("cache_requests_total", "", 'result="error"')} + ${perSecond("cache_writes_total", "", 'result="dropped"')}`,
      unit: "ops",
    },
  ];
}

/** What runs: the program and its models, as names. */
export const NAMES: readonly Figure[] = [
  {
    title: "Program",
    description: "Version of the exporter and of Node.js, and the engine behind its models.",
    expr: series("headroom_build_info"),
    legend: "{{version}} on Node.js {{node}}, engine {{engine}}",
    unit: "none",
    showsNames: true,
  },
  {
    title: "Models",
    description: "The models that answer now, by their task.",
    expr: series("headroom_model_info"),
    legend: "{{task}}: {{model}}",
    unit: "none",
    showsNames: true,
  },
];
