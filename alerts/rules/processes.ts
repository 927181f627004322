import { firstAction } from "./action.ts";
import { OPERATION_LIMITS } from "../limits.ts";
import { alertRule, onLimit, type RuleGroup } from "./group.ts";
import { JOBS, runbookUrl, type RuleOptions } from "./options.ts";
import { duration, holdFor, RESTART_WINDOWS } from "./pace.ts";
import { inWords, VALUE } from "./wording.ts";

/**
 * Whether a job is down. Service discovery may also lose the target; then there is no `up` to be 0.
 * What is absent reads as 1, and counts as 0 among the watched values.
 */
const isDown = (job: string) => {
  const up = `up{job="${job}"}`;
  return {
    expr: `${up} == 0 or absent(${up})`,
    watched: {
      values: `${up} or absent(${up}) - 1`,
      fires: { is: "at most", edge: 0 } as const,
    },
  };
};

/** Whether there is anything to measure at all, and whether it stays. */
export function exporterRules(options: RuleOptions): RuleGroup {
  const allowed = OPERATION_LIMITS.restarts;
  const waits = holdFor(options.pace, "critical", "now");
  const window = duration(RESTART_WINDOWS * options.pace.windowSeconds);
  const starts = `instance:process_starts:changes${window}`;
  const began = `process_start_time_seconds{job="${JOBS.exporter}"}`;
  return {
    name: "headroom-exporter",
    rules: [
      alertRule(options, {
        alert: "HeadroomExporterDown",
        ...isDown(JOBS.exporter),
        // A restart, which loads the model in about a second, is over before this fires.
        for: waits,
        severity: "critical",
        dashboard: "headroom-operations",
        summary: "The exporter{{ with $labels.instance }} {{ . }}{{ end }} cannot be scraped",
        description:
          `Prometheus has had no answer from /metrics for ${waits}; no other limit can be ` +
          "judged until it is back.",
      }),
      { record: starts, expr: `changes(${began}[${window}])` },
      alertRule(options, {
        // An exporter that is killed and started again, as happens when it runs out of memory, is down
        // for a few seconds each time: too short for HeadroomExporterDown.
        alert: "HeadroomRestarting",
        ...onLimit(options, starts, { ...allowed, severity: "critical" }, "now"),
        dashboard: "headroom-operations",
        summary: `{{ $labels.instance }} was started again {{ $value }} times within ${window}`,
        description:
          `The exporter began anew {{ $value }} times in the last ${window}; the limit is ` +
          `${inWords(allowed)}. Each time requests in flight are lost. The usual reason is that the ` +
          "system ended it because memory ran out.",
      }),
    ],
  };
}

/** Whether the models answer, each on its own; a model that nobody wants has no series. */
export function modelRules(options: RuleOptions): RuleGroup {
  const { modelReady, modelRestarts } = OPERATION_LIMITS;
  const window = duration(options.pace.windowSeconds);
  const ready = `instance_task:headroom_model_ready:avg${window}`;
  const longer = duration(RESTART_WINDOWS * options.pace.windowSeconds);
  const restarts = `instance_task:headroom_model_restarts:increase${longer}`;
  return {
    name: "headroom-model",
    rules: [
      // A mean, or a model that is ready for a moment between two crashes would never be noticed.
      { record: ready, expr: `avg_over_time(headroom_model_ready[${window}])` },
      alertRule(options, {
        alert: "HeadroomModelUnavailable",
        // Needs no traffic: nobody has to ask in vain before it is known.
        // Loading takes seconds, and from a slow disk up to a minute: the window gives it that time.
        ...onLimit(options, ready, { ...modelReady, severity: "critical" }, "window"),
        dashboard: "headroom-operations",
        summary: "The {{ $labels.task }} model of {{ $labels.instance }} does not answer",
        description:
          `The {{ $labels.task }} model was ready for ${VALUE.ratio} of the last ${window}; ` +
          `it must be for more than ${inWords(modelReady)}. The exporter is up, and its /readyz says why.`,
      }),
      { record: restarts, expr: `increase(headroom_model_restarts_total[${longer}])` },
      alertRule(options, {
        // A process that ends is started again within a second, too soon for HeadroomModelUnavailable.
        alert: "HeadroomModelRestarting",
        ...onLimit(options, restarts, { ...modelRestarts, severity: "warning" }, "now"),
        dashboard: "headroom-operations",
        summary: `The {{ $labels.task }} model of {{ $labels.instance }} ends again and again`,
        description:
          `A process with the {{ $labels.task }} model was started again {{ $value | printf "%.0f" }} times ` +
          `in the last ${longer}; the limit is ${inWords(modelRestarts)}. Requests are answered meanwhile, ` +
          "more slowly. The exporter's log says why each of them ended.",
      }),
    ],
  };
}

/**
 * Whether anybody is there to be told. Alertmanager cannot tell the incidents process of its own failure;
 * whoever else it tells hears of it, and so does the process when it is back, since the alert goes on for
 * a while then.
 */
export function incidentsRules(options: RuleOptions): RuleGroup {
  const waits = holdFor(options.pace, "critical", "now");
  return {
    name: "headroom-incidents",
    rules: [
      {
        alert: "HeadroomIncidentsDown",
        ...isDown(JOBS.incidents),
        for: waits,
        keep_firing_for: duration(options.pace.returnSeconds),
        labels: { severity: "critical" },
        annotations: {
          summary:
            "The incidents process{{ with $labels.instance }} {{ . }}{{ end }} cannot be scraped",
          description:
            `Prometheus has had no answer from its /metrics for ${waits}; alerts are neither recorded ` +
            "nor do their links to runbooks lead anywhere until it is back.",
          runbook_url: runbookUrl(options, "HeadroomIncidentsDown"),
          action: firstAction("HeadroomIncidentsDown"),
          // Of no exporter: its instance is none that the dashboard knows.
          dashboard_url: `${options.dashboards}/d/headroom-operations`,
        },
      },
    ],
  };
}
