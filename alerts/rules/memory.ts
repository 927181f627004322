import type { Severity } from "../limits.ts";
import { limit } from "../limits.ts";
import { judge } from "./condition.ts";
import type { AlertingRule, RecordingRule, Rule, RuleGroup } from "./group.ts";
import type { RuleOptions } from "./options.ts";
import { dashboardUrl, runbookUrl } from "./options.ts";
import { holdFor } from "./pace.ts";
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
 *
 * @param more - rules that read what is recorded here
 */
export function memoryRules(options: RuleOptions, more: readonly Rule[] = []): RuleGroup {
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
      ...more,
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
  const { id } = limit("memory", severity, options.limits);
  return {
    alert,
    ...judge({ is: "at least", edge: 1 }, (compared) => compared(usedPerLimit(severity))),
    // A gauge is read as it is: it needs no traffic, and patience alone outlasts one large batch.
    for: holdFor(options.pace, severity, "now"),
    labels: { severity, limit: id },
    annotations: {
      summary:
        `Memory of the {{ $labels.scope }} on {{ $labels.instance }} is at ${VALUE.ratio} of its ` +
        `${severity} limit`,
      description: `The {{ $labels.scope }} uses ${VALUE.ratio} of ${memoryLimitInWords(options, severity)}.`,
      runbook_url: runbookUrl(options, alert),
      dashboard_url: dashboardUrl(options, "headroom-operations"),
    },
  };
}

/** "its warning limit, which is the smaller of 33.6GB and 70% of its capacity". */
export function memoryLimitInWords(
  { limits, memoryFraction }: RuleOptions,
  severity: Severity,
): string {
  const bytes = inWords(limit("memory", severity, limits));
  const share = inWords({ bound: "upper", upper: memoryFraction[severity], unit: "ratio" });
  return `its ${severity} limit, which is the smaller of ${bytes} and ${share} of its capacity`;
}
