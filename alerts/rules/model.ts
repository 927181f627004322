import { OPERATION_LIMITS } from "../limits.ts";
import { judge, noHeadroom } from "./condition.ts";
import type { RuleGroup } from "./group.ts";
import type { RuleOptions } from "./options.ts";
import { dashboardUrl, runbookUrl } from "./options.ts";
import { duration, holdFor, RESTART_WINDOWS } from "./pace.ts";
import { inWords, VALUE } from "./wording.ts";

/** Whether the models answer, each on its own; a model that nobody wants has no series. */
export function modelRules(options: RuleOptions): RuleGroup {
  const allowed = OPERATION_LIMITS.modelReady;
  const window = duration(options.pace.windowSeconds);
  const ready = `instance_task:headroom_model_ready:avg${window}`;
  return {
    name: "headroom-model",
    rules: [
      // A mean, or a model that is ready for a moment between two crashes would never be noticed.
      { record: ready, expr: `avg_over_time(headroom_model_ready[${window}])` },
      {
        alert: "HeadroomModelUnavailable",
        // Needs no traffic: nobody has to ask in vain before it is known.
        ...judge(noHeadroom(allowed), (compared) => compared(ready)),
        // Loading takes seconds, and from a slow disk up to a minute: the window gives it that time.
        for: holdFor(options.pace, "critical", "window"),
        labels: { severity: "critical" },
        annotations: {
          summary: "The {{ $labels.task }} model of {{ $labels.instance }} does not answer",
          description:
            `The {{ $labels.task }} model was ready for ${VALUE.ratio} of the last ${window}; ` +
            `it must be for more than ${inWords(allowed)}. The exporter is up, and its /readyz says why.`,
          runbook_url: runbookUrl(options, "HeadroomModelUnavailable"),
          dashboard_url: dashboardUrl(options, "headroom-operations"),
        },
      },
      ...restarting(options),
    ],
  };
}

/** A process that ends is started again within a second, too soon for HeadroomModelUnavailable. */
function restarting(options: RuleOptions): RuleGroup["rules"] {
  const allowed = OPERATION_LIMITS.modelRestarts;
  const window = duration(RESTART_WINDOWS * options.pace.windowSeconds);
  const restarts = `instance_task:headroom_model_restarts:increase${window}`;
  return [
    { record: restarts, expr: `increase(headroom_model_restarts_total[${window}])` },
    {
      alert: "HeadroomModelRestarting",
      ...judge(noHeadroom(allowed), (compared) => compared(restarts)),
      for: holdFor(options.pace, "warning", "now"),
      labels: { severity: "warning" },
      annotations: {
        summary: `The {{ $labels.task }} model of {{ $labels.instance }} ends again and again`,
        description:
          `A process with the {{ $labels.task }} model was started again {{ $value | printf "%.0f" }} times ` +
          `in the last ${window}; the limit is ${inWords(allowed)}. Requests are answered meanwhile, more ` +
          "slowly. The exporter's log says why each of them ended.",
        runbook_url: runbookUrl(options, "HeadroomModelRestarting"),
        dashboard_url: dashboardUrl(options, "headroom-operations"),
      },
    },
  ];
}
