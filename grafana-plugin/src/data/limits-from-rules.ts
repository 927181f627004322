import type { Limit } from "../model/limit.ts";
import type { LimitRule } from "../options.ts";
import { seriesMatcher } from "./series-matcher.ts";

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
