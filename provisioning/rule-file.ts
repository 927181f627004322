import { isAlert, type Rule, type RuleGroup } from "@headroom/alerts/rules/group";
import { ruleGroups } from "@headroom/alerts/rules/index";
import type { RuleOptions } from "@headroom/alerts/rules/options";
import { stringify } from "yaml";
import { YAML_STYLE } from "./prometheus.ts";

/** Every rule as the text of a Prometheus rule file. */
export function prometheusRules(options: Partial<RuleOptions>): string {
  return prometheusRuleFile(ruleGroups(options));
}

/** Rule groups as the text of a Prometheus rule file. */
export function prometheusRuleFile(groups: readonly RuleGroup[]): string {
  return stringify({ groups: prometheusGroups(groups) }, YAML_STYLE);
}

/** Rule groups as Prometheus reads them. */
export const prometheusGroups = (groups: readonly RuleGroup[]): readonly object[] =>
  groups.map(({ name, rules }) => ({ name, rules: rules.map(inPrometheus) }));

/** Prometheus refuses fields that it does not know; its `expr` says all that `watched` does. */
function inPrometheus(rule: Rule): object {
  if (!isAlert(rule)) return rule;
  const { watched, ...known } = rule;
  return known;
}
