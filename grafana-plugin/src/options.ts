import type { OptionsWithTooltip } from "@grafana/schema";
import type { LaneOrder } from "./model/lane/order.ts";
import type { Severity } from "./model/limit.ts";

/** What the panel shows. */
export type View = "lanes" | "map";

/** A limit that the panel's editor gives to series. */
export interface LimitRule {
  /** A series' name, or a pattern between slashes like `/^memory/`. */
  readonly series: string;
  readonly severity: Severity;
  /** Largest allowed value, in the series' own unit. */
  readonly upper?: number;
  /** Smallest allowed value. */
  readonly lower?: number;
}

/** The panel's options, as a dashboard stores them. */
export interface LimitsPanelOptions extends OptionsWithTooltip {
  /** Shape of these options; older ones are migrated. */
  readonly version: number;
  readonly view: View;
  readonly order: LaneOrder;
  /** Headroom below which a lane is called near; a share, 0.2 by default. */
  readonly nearRatio: number;
  readonly showForecast: boolean;
  readonly limits: readonly LimitRule[];
  /** Series on the axes of the quality map: names or patterns, as in a rule. */
  readonly mapX: string;
  readonly mapY: string;
  /** Where the quality map sends a reader when the values lie outside; may hold variables. */
  readonly runbookUrl: string;
}

/** Version of {@link LimitsPanelOptions} that this panel writes. */
export const OPTIONS_VERSION = 1;

/** What a new panel starts with. */
export const DEFAULT_OPTIONS: Omit<LimitsPanelOptions, "tooltip"> = {
  version: OPTIONS_VERSION,
  view: "lanes",
  order: "nearest",
  nearRatio: 0.2,
  showForecast: true,
  limits: [],
  mapX: "/entropy/i",
  mapY: "/sparsity/i",
  runbookUrl: "",
};
