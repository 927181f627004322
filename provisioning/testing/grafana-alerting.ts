import { parse } from "yaml";
import type { GenerateSettings } from "../generated-files.ts";
import { generatedFiles, REFERENCE_SETTINGS } from "../generated-files.ts";

/** How a condition of a rule compares. */
export interface Evaluator {
  readonly type: "gte" | "lte" | "lt" | "outside_range_included";
  readonly params: readonly number[];
}

/** A step of a rule: a query, or an expression over another step. */
export interface RuleStep {
  readonly refId: string;
  readonly datasourceUid: string;
  readonly relativeTimeRange: { readonly from: number; readonly to: number };
  readonly model: {
    readonly refId: string;
    readonly expr?: string;
    readonly instant?: boolean;
    readonly type?: string;
    readonly expression?: string;
    readonly reducer?: string;
    readonly conditions?: readonly { readonly evaluator: Evaluator }[];
  };
}

/** A rule as Grafana's file holds it. */
export interface GrafanaRule {
  readonly uid: string;
  readonly title: string;
  readonly condition: string;
  readonly data: readonly RuleStep[];
  readonly dashboardUid: string;
  readonly panelId: number;
  readonly noDataState: string;
  readonly execErrState: string;
  readonly for: string;
  readonly keepFiringFor?: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly isPaused: boolean;
}

/** A group of rules that Grafana evaluates together. */
export interface GrafanaGroup {
  readonly orgId: number;
  readonly name: string;
  readonly folder: string;
  readonly interval: string;
  readonly rules: readonly GrafanaRule[];
}

/** One of Grafana's generated alerting files, read again. */
export function alertingFile(name: string, settings: Partial<GenerateSettings> = {}): unknown {
  const files = generatedFiles({ ...REFERENCE_SETTINGS, ...settings });
  const text = files.get(`grafana/provisioning/alerting/${name}`);
  if (text === undefined) throw new Error(`there is no alerting file ${name}`);
  return parse(text);
}

/** The generated groups of rules. */
export function grafanaGroups(settings: Partial<GenerateSettings> = {}): readonly GrafanaGroup[] {
  return (alertingFile("rules.yml", settings) as { groups: readonly GrafanaGroup[] }).groups;
}

/**
 * A step of a rule.
 *
 * @throws Error when the rule has none of this name
 */
export function stepOf(rule: GrafanaRule, refId: string): RuleStep {
  const found = rule.data.find((step) => step.refId === refId);
  if (!found) throw new Error(`${rule.uid} has no step ${refId}`);
  return found;
}

/**
 * The comparison of a rule, read from its condition.
 *
 * @throws Error when the condition is no threshold with one comparison
 */
export function evaluatorOf(rule: GrafanaRule): Evaluator {
  const { type, conditions = [] } = stepOf(rule, rule.condition).model;
  const [only, more] = conditions;
  if (type !== "threshold" || !only || more) throw new Error(`${rule.uid} has no one threshold`);
  return only.evaluator;
}
