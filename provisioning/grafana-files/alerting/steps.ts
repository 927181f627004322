import type { Query } from "@grafana/grafana-foundation-sdk/alerting";
import { QueryBuilder } from "@grafana/grafana-foundation-sdk/alerting";
import { TypeReduceBuilder } from "@grafana/grafana-foundation-sdk/expr";
import { DataqueryBuilder, QueryEditorMode } from "@grafana/grafana-foundation-sdk/prometheus";
import type { Watched } from "@headroom/alerts/rules/condition";
import { DATA_SOURCE } from "../data-source.ts";
import { EXPRESSION } from "./expression-source.ts";
import { threshold } from "./threshold.ts";

/** The steps of a rule, by the names that Grafana's own editor gives them. */
export const STEPS = { query: "A", value: "B", condition: "C" } as const;

/** An instant query reads the end of its range only, but Grafana wants one. In seconds. */
const RANGE = { from: 60, to: 0 };

/** Asks Prometheus, makes one number of each series, and compares it with the limit. */
export function steps({ values, fires }: Watched): Query[] {
  const asked = new DataqueryBuilder()
    .refId(STEPS.query)
    .datasource(DATA_SOURCE)
    .expr(values)
    .instant()
    .editorMode(QueryEditorMode.Code);
  // The answer to an instant query is a number already. The step gives it the name that the texts use.
  const value = new TypeReduceBuilder()
    .refId(STEPS.value)
    .datasource(EXPRESSION)
    .expression(STEPS.query)
    .reducer("last");
  return [
    step(STEPS.query, DATA_SOURCE.uid).relativeTimeRange(RANGE).model(asked),
    step(STEPS.value, EXPRESSION.uid).model(value),
    step(STEPS.condition, EXPRESSION.uid).model(threshold(STEPS.condition, STEPS.value, fires)),
  ].map((each) => each.build());
}

function step(refId: string, dataSource: string): QueryBuilder {
  return new QueryBuilder(refId).datasourceUid(dataSource).relativeTimeRange({ from: 0, to: 0 });
}
