import { STATUS_TARGET_SECONDS, type StatusScenario } from "../../alerts/limits.ts";

/**
 * The reference mix of status questions, asked in this order again and again.
 *
 * 14 questions, of which 8 are different: 6 of 14 (42.9 %) repeat one of the same round, so a cache
 * that remembers for a round answers at least the 41.7 % that `GOALS.statusHitRatio` aims for.
 * What a person looks at every few seconds comes most often: three times the short answer and what
 * is urgent, twice the memory and the health of the whole; the rest once. Repeats lie some questions
 * apart, since a question right after itself would be answered by whatever is still under way.
 */
export const STATUS_MIX = [
  "quick-status",
  "urgent-check",
  "memory-status",
  "overall-health",
  "quick-status",
  "process-information",
  "urgent-check",
  "disk-analysis",
  "memory-status",
  "network-status",
  "quick-status",
  "detailed-analysis",
  "overall-health",
  "urgent-check",
] as const satisfies readonly StatusScenario[];

/** The eight analyses, in the order of their targets' list. */
export const STATUS_SCENARIOS = Object.keys(STATUS_TARGET_SECONDS) as StatusScenario[];

/** Share of the questions that repeat an earlier one of the same round. */
export const repeatedShare = (mix: readonly StatusScenario[]): number =>
  1 - new Set(mix).size / mix.length;

/** The different analyses of a mix, each once. */
export const analysesOf = (mix: readonly StatusScenario[]): readonly StatusScenario[] =>
  STATUS_SCENARIOS.filter((scenario) => mix.includes(scenario));
