import { isUsable } from "@headroom/alerts/headroom";
import type { Limit } from "../model/limit.ts";
import type { LimitRule } from "../options.ts";
import type { LimitRecord } from "./limit-record.ts";
import { limitsFromRecords } from "./limits-from-records.ts";
import { limitsFromRules } from "./limits-from-rules.ts";
import { limitsFromThresholds } from "./limits-from-thresholds.ts";
import type { Series } from "./series.ts";

/** Where a series' limits come from. */
export type LimitSource = "thresholds" | "options" | "query" | "none";

/** The limits of a series. */
export interface ResolvedLimits {
  /** Warning before critical, each once. */
  readonly limits: readonly Limit[];
  readonly source: LimitSource;
}

/**
 * The limits of a series from the first source that gives any: the field's thresholds, which a
 * person can set for each series; then the panel's rules; then a query. Limits that are not finite
 * and empty bands are left out, so that a source with nothing else gives none.
 */
export function resolveLimits(
  series: Pick<Series, "name" | "labels" | "frame" | "field">,
  known: { readonly rules: readonly LimitRule[]; readonly records: readonly LimitRecord[] },
): ResolvedLimits {
  const sources: readonly [LimitSource, () => readonly Limit[]][] = [
    ["thresholds", () => limitsFromThresholds(series.field.config)],
    ["options", () => limitsFromRules(series.name, known.rules)],
    ["query", () => limitsFromRecords(series, known.records)],
  ];
  for (const [source, read] of sources) {
    const limits = inOrder(read().filter(isUsable));
    if (limits.length > 0) return { limits, source };
  }
  return { limits: [], source: "none" };
}

function inOrder(limits: readonly Limit[]): readonly Limit[] {
  const distinct = limits.filter((limit, i) => limits.findIndex((l) => isEqual(l, limit)) === i);
  const warnings = distinct.filter(({ severity }) => severity === "warning");
  return [...warnings, ...distinct.filter(({ severity }) => severity === "critical")];
}

function isEqual(a: Limit, b: Limit): boolean {
  return a.severity === b.severity && upperOf(a) === upperOf(b) && lowerOf(a) === lowerOf(b);
}

function upperOf(limit: Limit): number | undefined {
  return limit.bound === "lower" ? undefined : limit.upper;
}

function lowerOf(limit: Limit): number | undefined {
  return limit.bound === "upper" ? undefined : limit.lower;
}
