import type { Severity } from "../limits.ts";
import { limit } from "../limits.ts";
import { judge, noHeadroom } from "./condition.ts";
import type { AlertingRule, RuleGroup } from "./group.ts";
import type { RuleOptions } from "./options.ts";
import { dashboardUrl, runbookUrl } from "./options.ts";
import { holdFor } from "./pace.ts";
import { inWords, VALUE } from "./wording.ts";

const USED = "headroom_memory_used_bytes";

/**
 * Memory of the exporter's process and of the whole system, each against the same limits: the
 * machine is short of memory whoever uses it. The scope stays a label, so both can fire at once.
 */
export function memoryRules(options: RuleOptions): RuleGroup {
  return {
    name: "headroom-memory",
    rules: [
      {
        record: "instance_scope:headroom_memory_used_per_capacity:ratio",
        expr: `${USED} / on (job, instance) group_left () headroom_memory_capacity_bytes`,
      },
      tooMuch(options, "HeadroomMemoryHigh", "warning"),
      tooMuch(options, "HeadroomMemoryCritical", "critical"),
    ],
  };
}

function tooMuch(options: RuleOptions, alert: string, severity: Severity): AlertingRule {
  const allowed = limit("memory", severity, options.limits);
  return {
    alert,
    ...judge(noHeadroom(allowed), (compared) => compared(`${USED}{scope=~"process|system"}`)),
    // A gauge is read as it is: it needs no traffic, and patience alone outlasts one large batch.
    for: holdFor(options.pace, severity, "now"),
    labels: { severity, limit: allowed.id },
    annotations: {
      summary: `Memory of the {{ $labels.scope }} on {{ $labels.instance }} is at ${VALUE.bytes}`,
      description:
        `The {{ $labels.scope }} uses ${VALUE.bytes} of memory; ` +
        `the ${severity} limit is ${inWords(allowed)}.`,
      runbook_url: runbookUrl(options, alert),
      dashboard_url: dashboardUrl(options, "headroom-operations"),
    },
  };
}
