import type { PanelProps } from "@grafana/data";
import type { LimitsPanelOptions } from "../options.ts";
import { LanesView } from "./LanesView.tsx";
import { MapView } from "./MapView.tsx";

/** The panel: shows the view that its options choose. */
export function LimitsPanel(props: PanelProps<LimitsPanelOptions>) {
  return props.options.view === "map" ? <MapView {...props} /> : <LanesView {...props} />;
}
