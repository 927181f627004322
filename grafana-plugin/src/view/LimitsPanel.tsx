import type { PanelProps } from "@grafana/data";
import type { LimitsPanelOptions } from "../options.ts";

/** The panel: chooses the view. */
export function LimitsPanel({ options }: PanelProps<LimitsPanelOptions>) {
  return <div>{options.view}</div>;
}
