import type { PanelProps } from "@grafana/data";
import { useMemo } from "react";
import { type LimitsPanelOptions, readOptions } from "../options.ts";
import { LanesView } from "./LanesView.tsx";
import { MapView } from "./MapView.tsx";

/**
 * The panel: shows the view that its options choose. Grafana migrates stored options only when another
 * version of the panel wrote them, so they are read here as well.
 */
export function LimitsPanel(props: PanelProps<LimitsPanelOptions>) {
  const options = useMemo(() => readOptions(props.options), [props.options]);
  const View = options.view === "map" ? MapView : LanesView;
  return <View {...props} options={options} />;
}
