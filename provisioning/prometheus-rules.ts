import { stringify } from "yaml";
import { ruleGroups } from "../alerts/rules/index.ts";
import type { RuleOptions } from "../alerts/rules/options.ts";
import { YAML_STYLE } from "./prometheus.ts";

/** Every rule as the text of a Prometheus rule file. */
export function prometheusRules(options: Partial<RuleOptions>): string {
  return stringify({ groups: ruleGroups(options) }, YAML_STYLE);
}
