import { attributionRules } from "./attribution.ts";
import { cacheRules } from "./cache.ts";
import { errorRules } from "./errors.ts";
import { exporterRules } from "./exporter.ts";
import { forecastRules } from "./forecast.ts";
import type { AlertingRule, RuleGroup } from "./group.ts";
import { isAlert } from "./group.ts";
import { idleRules } from "./idle.ts";
import { incidentsRules } from "./incidents.ts";
import { latencyRules } from "./latency.ts";
import { memoryRules } from "./memory.ts";
import { modelRules } from "./model.ts";
import type { RuleOptions } from "./options.ts";
import { DEFAULT_RULE_OPTIONS } from "./options.ts";
import { saturationRules } from "./saturation.ts";
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
    memoryRules(all, forecastRules(all)),
    attributionRules(all),
    statusRules(all),
    cacheRules(all),
    saturationRules(all),
    modelRules(all),
    idleRules(all),
    exporterRules(all),
    incidentsRules(all),
  ];
}

/** The alerts of the groups, in order. */
export function alertsOf(groups: readonly RuleGroup[]): readonly AlertingRule[] {
  return groups.flatMap((group) => group.rules.filter(isAlert));
}
