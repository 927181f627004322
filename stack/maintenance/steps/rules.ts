import { ruleGroups } from "../../../alerts/rules/index.ts";
import type { RuleState } from "../prometheus-reader.ts";
import { checkedRow, type Row, unknownRow } from "../row.ts";
import type { Step } from "../step.ts";

/** Whether every rule group of Headroom is loaded and evaluates without errors. */
export const rules: Step = {
  id: "rules",
  title: "Rules are loaded and healthy",
  rows: async ({ prometheus }) => [judgeRules(await prometheus.rules())],
};

/** Judges what Prometheus says of its rules. */
export function judgeRules(states: readonly RuleState[]): Row {
  const row = { id: rules.id, title: rules.title, limit: "every group, no errors" };
  const loaded = new Set(states.map(({ group }) => group));
  const missing = ruleGroups()
    .map(({ name }) => name)
    .filter((name) => !loaded.has(name));
  const broken = states.filter(({ health }) => health === "err");
  const waiting = states.filter(({ health }) => health === "unknown");
  const observed = `${states.length} rules, ${broken.length} with errors`;
  if (missing.length === 0 && broken.length === 0 && waiting.length > 0) {
    return unknownRow(row, `${waiting.length} were not evaluated yet; wait a moment.`, observed);
  }
  const told = [
    ...missing.map((name) => `${name} is missing`),
    ...broken.map(({ name, lastError }) => `${name}: ${lastError ?? "failed"}`),
  ];
  return checkedRow({ ...row, observed }, told.length === 0, {
    detail: `${told.join("; ")}. Load provisioning/prometheus/rules into Prometheus.`,
  });
}
