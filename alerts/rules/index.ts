import { attributionRules } from "./attribution.ts";
import { cacheRules } from "./cache.ts";
import { chatRules } from "./chat.ts";
import { fleetRules } from "./fleet.ts";
import { isAlert, type AlertingRule, type RuleGroup } from "./group.ts";
import { memoryRules } from "./memory.ts";
import { DEFAULT_RULE_OPTIONS, type RuleOptions } from "./options.ts";
import { exporterRules, incidentsRules, modelRules } from "./processes.ts";
import { errorRules, latencyRules, saturationRules } from "./requests.ts";
import { statusRules } from "./status.ts";
import { idleRules, trafficRules } from "./traffic.ts";
import { upstreamRules } from "./upstream.ts";

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
    chatRules(all),
    upstreamRules(all),
    cacheRules(all),
    saturationRules(all),
    modelRules(all),
    idleRules(all),
    exporterRules(all),
    incidentsRules(all),
    fleetRules(all),
  ];
}

/** The alerts of the groups, in order. */
export function alertsOf(groups: readonly RuleGroup[]): readonly AlertingRule[] {
  return groups.flatMap((group) => group.rules.filter(isAlert));
}
