import {
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { DATA_SOURCE } from "./data-source.ts";

/** Matcher for the exporters that the dashboard's variable `instance` names. */
export const INSTANCE = 'instance=~"$instance"';

/** The variable `instance`: one, some or all exporters, found by their `headroom_build_info`. */
export function instanceVariable(): QueryVariableBuilder {
  const query = "label_values(headroom_build_info, instance)";
  return (
    new QueryVariableBuilder("instance")
      .label("Exporter")
      .description("Address of the exporters to show.")
      .datasource(DATA_SOURCE)
      .query({ qryType: 1, query, refId: "PrometheusVariableQueryEditor-VariableQuery" })
      .definition(query)
      .refresh(VariableRefresh.OnTimeRangeChanged)
      .sort(VariableSort.AlphabeticalAsc)
      .multi(true)
      .includeAll(true)
      // Not the list of all known ones: an alert about a lost exporter has no instance at all.
      .allValue(".*")
      .current({ text: ["All"], value: ["$__all"] })
  );
}
