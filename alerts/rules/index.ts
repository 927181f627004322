import { attributionRules } from "./attribution.ts";
import { errorRules } from "./errors.ts";
import { exporterRules } from "./exporter.ts";
import type { AlertingRule, RuleGroup } from "./group.ts";
import { isAlert } from "./group.ts";
import { latencyRules } from "./latency.ts";
import { memoryRules } from "./memory.ts";
import type { RuleOptions } from "./options.ts";
import { DEFAULT_RULE_OPTIONS } from "./options.ts";
import { statusRules } from "./status.ts";
import { trafficRules } from "./traffic.ts";

/**
 * Every rule group, in the order in which it is written.
 *
 * @param options - what differs from {@link DEFAULT_RULE_OPTIONS}
 */
export function ruleGroups(options: Partial<RuleOptions> = {}): readonly RuleGroup[] {
  const all = { ...DEFAULT_RULE_OPTIONS, ...options };
  return [
    trafficRules(all),
    latencyRules(all),
    errorRules(all),
    memoryRules(all),
    attributionRules(all),
    statusRules(all),
    exporterRules(all),
  ];
}

/** The alerts of the groups, in order. */
export function alertsOf(groups: readonly RuleGroup[]): readonly AlertingRule[] {
  return groups.flatMap((group) => group.rules.filter(isAlert));
}
