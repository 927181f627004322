import type { FieldConfigSource, PanelModel } from "@grafana/data";
import {
  type LimitRule,
  type LimitsPanelOptions,
  DEFAULT_OPTIONS,
  OPTIONS_VERSION,
} from "./options.ts";

type Options = Partial<LimitsPanelOptions>;

/** What each option must look like; what does not is replaced by the default. */
const CHECKS: { readonly [K in keyof typeof DEFAULT_OPTIONS]: (value: unknown) => boolean } = {
  version: (value) => value === OPTIONS_VERSION,
  view: (value) => value === "lanes" || value === "map",
  order: (value) => value === "nearest" || value === "data",
  nearRatio: (value) => typeof value === "number" && value >= 0 && value <= 1,
  showForecast: (value) => typeof value === "boolean",
  limits: Array.isArray,
  mapX: isText,
  mapY: isText,
  runbookUrl: isText,
};

/**
 * Brings the options of a stored panel into the shape of {@link OPTIONS_VERSION}: what is missing or
 * has the wrong type gets its default, rules that cannot be read are dropped, and so is what no
 * option is called. Options of a newer version are left as they are, so that opening a dashboard with
 * an old plugin loses nothing.
 */
export function migrateOptions(panel: { readonly options?: unknown }): Options {
  const stored = isRecord(panel.options) ? panel.options : {};
  if (typeof stored["version"] === "number" && stored["version"] > OPTIONS_VERSION) return stored;
  const kept = Object.entries(CHECKS).filter(([key, isValid]) => isValid(stored[key]));
  const options: Options = {
    ...DEFAULT_OPTIONS,
    ...Object.fromEntries(kept.map(([key]) => [key, stored[key]])),
  };
  const limits = (options.limits ?? []).flatMap(readRule);
  // Grafana fills in the tooltip when there is none.
  const tooltip = isTooltip(stored["tooltip"]) ? { tooltip: stored["tooltip"] } : {};
  return { ...options, limits, ...tooltip };
}

/**
 * Called when another kind of panel becomes this one. The thresholds of its fields stay, because they
 * are limits here; Grafana keeps units and the like, and no other kind's options mean anything here.
 */
export function changePanelType(
  panel: Pick<PanelModel, "fieldConfig">,
  _before: string,
  _options: Record<string, unknown>,
  fieldConfig: FieldConfigSource,
): Options {
  const thresholds = fieldConfig?.defaults?.thresholds;
  if (thresholds && !panel.fieldConfig?.defaults?.thresholds) {
    panel.fieldConfig = {
      defaults: { ...panel.fieldConfig?.defaults, thresholds },
      overrides: panel.fieldConfig?.overrides ?? [],
    };
  }
  return {};
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

function isTooltip(value: unknown): value is LimitsPanelOptions["tooltip"] {
  return isRecord(value) && isText(value["mode"]);
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
