import { NEAR_RATIO } from "@headroom/alerts/headroom";
import { type OptionsWithTooltip, SortOrder, TooltipDisplayMode } from "@grafana/schema";
import type { Advice } from "./model/lane/alert.ts";
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
  /** Series that are shown as one lane, the worst of them: a name or a pattern, as in a rule. */
  readonly fold: string;
  /** What to do when a limit is broken; written by whoever generates the dashboard. */
  readonly advice: readonly Advice[];
  /** Series on the axes of the quality map: names or patterns, as in a rule. */
  readonly mapX: string;
  readonly mapY: string;
  /** Labels by which a query counts messages in cells: the upper edge of each on both axes. */
  readonly gridX: string;
  readonly gridY: string;
  /** Label by which a query counts in several grids, of which the map shows one. */
  readonly gridBy: string;
  /** Where the quality map sends a reader when the values lie outside; may hold variables. */
  readonly runbookUrl: string;
}

/** Version of {@link LimitsPanelOptions} that this panel writes. */
export const OPTIONS_VERSION = 2;

/** What a new panel starts with. */
export const DEFAULT_OPTIONS: Omit<LimitsPanelOptions, "tooltip"> = {
  version: OPTIONS_VERSION,
  view: "lanes",
  order: "nearest",
  nearRatio: NEAR_RATIO,
  showForecast: true,
  limits: [],
  fold: "",
  advice: [],
  mapX: "/entropy/i",
  mapY: "/sparsity/i",
  gridX: "entropy_le",
  gridY: "sparsity_le",
  gridBy: "method",
  runbookUrl: "",
};

/** What each option must look like; what does not is replaced by the default. */
const CHECKS: {
  readonly [K in Exclude<keyof typeof DEFAULT_OPTIONS, "version">]: (value: unknown) => boolean;
} = {
  view: (value) => value === "lanes" || value === "map",
  order: (value) => value === "nearest" || value === "data",
  nearRatio: (value) => typeof value === "number" && value >= 0 && value <= 1,
  showForecast: (value) => typeof value === "boolean",
  limits: Array.isArray,
  fold: isText,
  advice: Array.isArray,
  mapX: isText,
  mapY: isText,
  gridX: isText,
  gridY: isText,
  gridBy: isText,
  runbookUrl: isText,
};

/**
 * The options of a panel, whatever a dashboard stores: what is missing or has the wrong type gets its
 * default, rules that cannot be read are dropped, and so is what no option is called.
 */
export function readOptions(stored: unknown): LimitsPanelOptions {
  const given = isRecord(stored) ? stored : {};
  const kept = Object.entries(CHECKS).filter(([key, isValid]) => isValid(given[key]));
  const options = {
    ...DEFAULT_OPTIONS,
    ...Object.fromEntries(kept.map(([key]) => [key, given[key]])),
  };
  return {
    ...options,
    limits: readRules(options.limits),
    advice: options.advice.flatMap(readAdvice),
    tooltip: readTooltip(given["tooltip"]),
  };
}

/** The rules of a list that can be read; none when it is no list. */
export function readRules(rules: unknown): LimitRule[] {
  return Array.isArray(rules) ? rules.flatMap(readRule) : [];
}

/** An edge that is no finite number is dropped: without it the rule is one still being filled in. */
function readRule(rule: unknown): LimitRule[] {
  if (!isRecord(rule)) return [];
  const { series, severity, upper, lower } = rule;
  if (!isText(series) || (severity !== "warning" && severity !== "critical")) return [];
  return [
    {
      series,
      severity,
      ...(isNumber(upper) && { upper }),
      ...(isNumber(lower) && { lower }),
    },
  ];
}

function readAdvice(advice: unknown): Advice[] {
  if (!isRecord(advice)) return [];
  const { alert, limits, severity, holdSeconds, runbookUrl, action } = advice;
  if (severity !== "warning" && severity !== "critical") return [];
  if (!isText(alert) || !Array.isArray(limits) || !isText(action) || !isText(runbookUrl)) return [];
  return [
    {
      ...{ alert, severity, runbookUrl, action },
      limits: limits.filter(isText),
      holdSeconds: isNumber(holdSeconds) ? holdSeconds : 0,
    },
  ];
}

/** Whether it says what a tooltip shows. */
export function isTooltip(value: unknown): value is Record<"mode", string> {
  return isRecord(value) && isText(value["mode"]);
}

function readTooltip(stored: unknown): LimitsPanelOptions["tooltip"] {
  const { mode, sort, maxWidth, maxHeight } = isRecord(stored) ? stored : {};
  return {
    mode:
      Object.values(TooltipDisplayMode).find((known) => known === mode) ??
      TooltipDisplayMode.Single,
    sort: Object.values(SortOrder).find((known) => known === sort) ?? SortOrder.None,
    ...(isNumber(maxWidth) && { maxWidth }),
    ...(isNumber(maxHeight) && { maxHeight }),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isNumber(value: unknown): value is number {
  return Number.isFinite(value);
}
