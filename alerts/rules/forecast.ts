import { FORECAST_RISE_RATIO, limit } from "../limits.ts";
import { judge } from "./condition.ts";
import type { Rule } from "./group.ts";
import { memoryLimitInWords, usedPerLimit } from "./memory.ts";
import type { RuleOptions } from "./options.ts";
import { dashboardUrl, runbookUrl } from "./options.ts";
import { duration, FORECAST_WINDOWS } from "./pace.ts";
import { VALUE } from "./wording.ts";

// 1 is the limit, whatever the scope's capacity is.
const USED = usedPerLimit("warning");
const LEVEL = "instance_scope:headroom_memory_used_per_warning_limit";

/**
 * Whether memory will reach its warning limit if it goes on as it does. Only memory is foretold: it
 * adds up, while latency, errors and attributions follow the requests of the moment.
 *
 * @returns rules for the group of {@link usedPerLimit}, which they read: rules of one group follow
 * each other, so that all are about the same moment
 */
export function forecastRules(options: RuleOptions): readonly Rule[] {
  const { id, severity } = limit("memory", "warning", options.limits);
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
  return [
    whole,
    end,
    rise,
    {
      alert: "HeadroomLimitForecast",
      // The present value comes first, so that it is what is told; at the limit the alert ends and
      // HeadroomMemoryHigh begins.
      ...judge(
        { is: "below", edge: 1 },
        (compared) =>
          `${compared(USED)} and ${whole.record} >= 1 and ${end.record} >= 1 ` +
          `and ${rise.record} >= ${FORECAST_RISE_RATIO}`,
      ),
      // A step leaves the recent trend after this long, so that no step can fire.
      for: duration(recent + patienceSeconds.warning),
      labels: { severity, limit: id },
      annotations: {
        summary:
          "Memory of the {{ $labels.scope }} on {{ $labels.instance }} will reach its limit " +
          `within ${ahead}`,
        description:
          `The {{ $labels.scope }} uses ${VALUE.ratio} of ${memoryLimitInWords(options, severity)}. ` +
          `If it grows on as in the last ${duration(history)}, it reaches the limit within ${ahead}.`,
        runbook_url: runbookUrl(options, "HeadroomLimitForecast"),
        dashboard_url: dashboardUrl(options, "headroom-operations"),
      },
    },
  ];
}
