import {
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { DATA_SOURCE } from "./data-source.ts";

/** A variable of a dashboard: one, some or all values of a label, as `query` finds them. */
export function labelVariable(own: {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  /** `label_values(series, label)`. */
  readonly query: string;
}): QueryVariableBuilder {
  const { query } = own;
  return (
    new QueryVariableBuilder(own.name)
      .label(own.label)
      .description(own.description)
      .datasource(DATA_SOURCE)
      .query({ qryType: 1, query, refId: "PrometheusVariableQueryEditor-VariableQuery" })
      .definition(query)
      .refresh(VariableRefresh.OnTimeRangeChanged)
      .sort(VariableSort.AlphabeticalAsc)
      .multi(true)
      .includeAll(true)
      // Not the list of all known ones: a series may lack the label, as an alert about a lost
      // exporter has no instance.
      .allValue(".*")
      .current({ text: ["All"], value: ["$__all"] })
  );
}
