import { isUsable } from "@headroom/alerts/headroom";
import type { Limit } from "../model/limit.ts";
import type { LimitRule } from "../options.ts";
import { type LimitRecord, limitsFromRecords } from "./limits-from-records.ts";
import { limitsFromThresholds } from "./limits-from-thresholds.ts";
import type { Series } from "./read-series.ts";

/** Where a series' limits come from. */
type LimitSource = "thresholds" | "options" | "query" | "none";

/** The limits of a series. */
interface ResolvedLimits {
  /** Warning before critical, each once. */
  readonly limits: readonly Limit[];
  readonly source: LimitSource;
}

/**
 * The limits of a series from the first source that gives any: the field's thresholds, which a
 * person can set for each series; then the panel's rules; then a query. Limits that are not finite
 * and empty bands are left out, so that a source with nothing else gives none. The field's greatest value is
 * the other end of a lower limit.
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
    const limits = inOrder(read().filter(isUsable)).map((limit) => withMost(limit, series));
    if (limits.length > 0) return { limits, source };
  }
  return { limits: [], source: "none" };
}

function withMost(limit: Limit, { field }: Pick<Series, "field">): Limit {
  const most = field.config.max;
  return limit.bound === "lower" && typeof most === "number" ? { ...limit, most } : limit;
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

/**
 * The limits that the panel's rules give to the series called `name`. A rule with both edges is a
 * band, one with neither is still being filled in and gives none.
 */
export function limitsFromRules(name: string, rules: readonly LimitRule[]): readonly Limit[] {
  return rules.flatMap((rule) => {
    const limit = limitOf(rule);
    return limit && seriesMatcher(rule.series).matches(name) ? [limit] : [];
  });
}

/** What is wrong with the patterns of rules, in words; each text once. */
export function ruleProblems(rules: readonly LimitRule[]): readonly string[] {
  const problems = rules.map(({ series }) => seriesMatcher(series).problem);
  return [...new Set(problems.filter((problem) => problem !== undefined))];
}

function limitOf({ severity, lower, upper }: LimitRule): Limit | undefined {
  if (typeof lower === "number" && typeof upper === "number") {
    return { severity, bound: "band", lower, upper };
  }
  if (typeof upper === "number") return { severity, bound: "upper", upper };
  return typeof lower === "number" ? { severity, bound: "lower", lower } : undefined;
}

/** Finds series by name. */
export interface SeriesMatcher {
  readonly matches: (name: string) => boolean;
  /** What is wrong with the pattern, for the person who typed it. */
  readonly problem: string | undefined;
}

/**
 * Reads what people type to choose series: a name, or a pattern between slashes like `/^memory/i`.
 * A name that is exactly the text always matches, so that a device called `/dev/sda` can be named.
 * A pattern that cannot be read matches nothing else; empty text matches nothing.
 */
export function seriesMatcher(text: string): SeriesMatcher {
  const isText = (name: string) => text !== "" && name === text;
  const [, source, flags = ""] = /^\/(.+)\/([a-z]*)$/s.exec(text) ?? [];
  if (source === undefined) return { matches: isText, problem: undefined };
  try {
    // With g or y a pattern would remember where it stopped in the last name.
    const pattern = new RegExp(source, flags.replace(/[gy]/g, ""));
    return { matches: (name) => isText(name) || pattern.test(name), problem: undefined };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return {
      matches: isText,
      problem: `"${text}" is no pattern: ${reason}. Correct it, or give a name without slashes.`,
    };
  }
}
