import { TypeThresholdBuilder } from "@grafana/grafana-foundation-sdk/expr";
import type { Comparison } from "@headroom/alerts/rules/condition";
import { EXPRESSION } from "./expression-source.ts";

/** What Grafana calls the comparisons; those of a range are true at its edges, too. */
const EVALUATORS = {
  "at least": "gte",
  "at most": "lte",
  below: "lt",
  outside: "outside_range_included",
} as const;

/** A step that is 1 for the values of step `of` that fire the alert, and 0 for all others. */
export function threshold(refId: string, of: string, fires: Comparison): TypeThresholdBuilder {
  const params = fires.is === "outside" ? [fires.lower, fires.upper] : [fires.edge];
  return new TypeThresholdBuilder()
    .refId(refId)
    .datasource(EXPRESSION)
    .expression(of)
    .conditions([{ evaluator: { type: EVALUATORS[fires.is], params } }]);
}
