import { FORECAST_RISE_RATIO, limit, type Severity } from "../limits.ts";
import { conditionOf } from "./condition.ts";
import {
  alertRule,
  type AlertingRule,
  type RecordingRule,
  type Rule,
  type RuleGroup,
} from "./group.ts";
import type { RuleOptions } from "./options.ts";
import { duration, FORECAST_WINDOWS, holdFor } from "./pace.ts";
import { inWords, VALUE } from "./wording.ts";

const USED = "headroom_memory_used_bytes";
const CAPACITY = "headroom_memory_capacity_bytes";

/** A part of the exporter's memory, such as its cache, has no capacity, and so is never judged. */
const SAME_SCOPE = "on (job, instance, scope)";

/** Memory as a multiple of its limit: 1 is at the limit. */
export const usedPerLimit = (severity: Severity): string =>
  `instance_scope:headroom_memory_used_per_${severity}_limit:ratio`;

/**
 * Memory of each scope against its limit: the smaller of the limit's bytes and its share of the
 * scope's own capacity, so that one file of rules holds on every machine and in every container. The
 * scope stays a label, so several can fire at once.
 */
export function memoryRules(options: RuleOptions): RuleGroup {
  return {
    name: "headroom-memory",
    rules: [
      {
        record: "instance_scope:headroom_memory_used_per_capacity:ratio",
        expr: `${USED} / ${SAME_SCOPE} ${CAPACITY}`,
      },
      againstLimit(options, "warning"),
      againstLimit(options, "critical"),
      tooMuch(options, "HeadroomMemoryHigh", "warning"),
      tooMuch(options, "HeadroomMemoryCritical", "critical"),
      // In this group, whose rules follow each other, so that all are about the same moment.
      ...forecastRules(options),
    ],
  };
}

function againstLimit({ limits, memoryFraction }: RuleOptions, severity: Severity): RecordingRule {
  const allowed = limit("memory", severity, limits);
  if (allowed.bound !== "upper") throw new TypeError("memory has an upper limit");
  const share = `${memoryFraction[severity]} * ${CAPACITY}`;
  return {
    record: usedPerLimit(severity),
    expr: `${USED} / ${SAME_SCOPE} clamp_max(${share}, ${allowed.upper})`,
  };
}

function tooMuch(options: RuleOptions, alert: string, severity: Severity): AlertingRule {
  return alertRule(options, {
    alert,
    ...conditionOf({ is: "at least", edge: 1 }, (compared) => compared(usedPerLimit(severity))),
    // A gauge is read as it is: it needs no traffic, and patience alone outlasts one large batch.
    for: holdFor(options.pace, severity, "now"),
    severity,
    limit: limit("memory", severity, options.limits).id,
    dashboard: "headroom-operations",
    summary:
      `Memory of the {{ $labels.scope }} on {{ $labels.instance }} is at ${VALUE.ratio} of its ` +
      `${severity} limit`,
    description: `The {{ $labels.scope }} uses ${VALUE.ratio} of ${limitInWords(options, severity)}.`,
  });
}

/** "its warning limit, which is the smaller of 33.6GB and 70% of its capacity". */
function limitInWords({ limits, memoryFraction }: RuleOptions, severity: Severity): string {
  const bytes = inWords(limit("memory", severity, limits));
  const share = inWords({ bound: "upper", upper: memoryFraction[severity], unit: "ratio" });
  return `its ${severity} limit, which is the smaller of ${bytes} and ${share} of its capacity`;
}

/**
 * Whether memory will reach its warning limit if it goes on as it does. Only memory is foretold: it
 * adds up, while latency, errors and attributions follow the requests of the moment.
 */
export function forecastRules(options: RuleOptions): readonly Rule[] {
  const { id, severity } = limit("memory", "warning", options.limits);
  const { windowSeconds, patienceSeconds } = options.pace;
  const horizon = FORECAST_WINDOWS.horizon * windowSeconds;
  const history = FORECAST_WINDOWS.history * windowSeconds;
  const recent = FORECAST_WINDOWS.recent * windowSeconds;
  const ahead = duration(horizon);
  // 1 is the limit, whatever the scope's capacity is.
  const used = usedPerLimit("warning");
  const level = "instance_scope:headroom_memory_used_per_warning_limit";
  const forecast = (seconds: number) => ({
    record: `${level}:forecast${ahead}_from${duration(seconds)}`,
    expr: `predict_linear(${used}[${duration(seconds)}], ${horizon})`,
  });
  const [whole, end] = [forecast(history), forecast(recent)];
  const rise = {
    // Without a value at the start of the history there is no rise either: so much is waited for.
    record: `${level}:rise${duration(history)}`,
    expr: `${used} - ${used} offset ${duration(history)}`,
  };
  return [
    whole,
    end,
    rise,
    alertRule(options, {
      alert: "HeadroomLimitForecast",
      // The present value comes first, so that it is what is told; at the limit the alert ends and
      // HeadroomMemoryHigh begins.
      ...conditionOf(
        { is: "below", edge: 1 },
        (compared) =>
          `${compared(used)} and ${whole.record} >= 1 and ${end.record} >= 1 ` +
          `and ${rise.record} >= ${FORECAST_RISE_RATIO}`,
      ),
      // A step leaves the recent trend after this long, so that no step can fire.
      for: duration(recent + patienceSeconds.warning),
      severity,
      limit: id,
      dashboard: "headroom-operations",
      summary:
        "Memory of the {{ $labels.scope }} on {{ $labels.instance }} will reach its limit " +
        `within ${ahead}`,
      description:
        `The {{ $labels.scope }} uses ${VALUE.ratio} of ${limitInWords(options, severity)}. ` +
        `If it grows on as in the last ${duration(history)}, it reaches the limit within ${ahead}.`,
    }),
  ];
}
