import type { QueryVariableBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { JOBS } from "@headroom/alerts/rules/options";
import { labelVariable } from "./label-variable.ts";

/** Matcher for the exporters that the dashboard's variable `instance` names. */
export const INSTANCE = 'instance=~"$instance"';

/** Matcher for the exporters among all that Prometheus scrapes, where others have the metric too. */
export const JOB = `job="${JOBS.exporter}"`;

/** The variable `instance`: one, some or all exporters, found by their `headroom_build_info`. */
export function instanceVariable(): QueryVariableBuilder {
  return labelVariable({
    name: "instance",
    label: "Exporter",
    description: "Address of the exporters to show.",
    query: "label_values(headroom_build_info, instance)",
  });
}
