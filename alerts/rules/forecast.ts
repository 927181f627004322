import type { Limit } from "../limits.ts";
import { FORECAST_RISE_RATIO, limit } from "../limits.ts";
import { judge } from "./condition.ts";
import type { RuleGroup } from "./group.ts";
import type { RuleOptions } from "./options.ts";
import { dashboardUrl, runbookUrl } from "./options.ts";
import { duration, FORECAST_WINDOWS } from "./pace.ts";
import { inWords, VALUE } from "./wording.ts";

const USED = 'headroom_memory_used_bytes{scope=~"process|system"}';
const LEVEL = "instance_scope:headroom_memory_used_bytes";

/**
 * Whether memory will reach its warning limit if it goes on as it does. Only memory is foretold: it
 * adds up, while latency, errors and attributions follow the requests of the moment.
 */
export function forecastRules(options: RuleOptions): RuleGroup {
  const allowed = limit("memory", "warning", options.limits);
  const { windowSeconds, patienceSeconds } = options.pace;
  const [horizon, history, recent] = [
    FORECAST_WINDOWS.horizon * windowSeconds,
    FORECAST_WINDOWS.history * windowSeconds,
    FORECAST_WINDOWS.recent * windowSeconds,
  ];
  const ahead = duration(horizon);
  const forecast = (seconds: number) => ({
    record: `${LEVEL}:forecast${ahead}_from${duration(seconds)}`,
    expr: `predict_linear(${USED}[${duration(seconds)}], ${horizon})`,
  });
  const [whole, end] = [forecast(history), forecast(recent)];
  const rise = {
    // Without a value at the start of the history there is no rise either: so much is waited for.
    record: `${LEVEL}:rise${duration(history)}`,
    expr: `${USED} - ${USED} offset ${duration(history)}`,
  };
  const edge = upper(allowed);
  return {
    name: "headroom-forecast",
    rules: [
      whole,
      end,
      rise,
      {
        alert: "HeadroomLimitForecast",
        // The present value comes first, so that it is what is told; at the limit the alert ends and
        // HeadroomMemoryHigh begins.
        ...judge(
          { is: "below", edge },
          (compared) =>
            `${compared(USED)} and ${whole.record} >= ${edge} and ${end.record} >= ${edge} ` +
            `and ${rise.record} >= ${leastRise(allowed)}`,
        ),
        // A step leaves the recent trend after this long, so that no step can fire.
        for: duration(recent + patienceSeconds.warning),
        labels: { severity: allowed.severity, limit: allowed.id },
        annotations: {
          summary:
            "Memory of the {{ $labels.scope }} on {{ $labels.instance }} will reach its limit " +
            `within ${ahead}`,
          description:
            `The {{ $labels.scope }} uses ${VALUE.bytes} of memory. If it grows on as in the last ` +
            `${duration(history)}, it reaches the warning limit of ${inWords(allowed)} within ${ahead}.`,
          runbook_url: runbookUrl(options, "HeadroomLimitForecast"),
          dashboard_url: dashboardUrl(options, "headroom-operations"),
        },
      },
    ],
  };
}

/** The least rise over the history, in bytes, that is followed into the future. */
export function leastRise(allowed: Limit): number {
  return Math.round(FORECAST_RISE_RATIO * upper(allowed));
}

function upper(allowed: Limit): number {
  if (allowed.bound !== "upper") throw new TypeError("memory has an upper limit");
  return allowed.upper;
}
