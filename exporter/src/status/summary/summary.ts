import { SUMMARY, type FallbackReason, type Statement, type Summary } from "../answer.ts";
import { worstOf } from "../findings/finding.ts";
import type { ScenarioFindings } from "../scenarios.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { Arrangement } from "./arrangement.ts";

/** What is found in a snapshot, in the language that was asked for. */
export function statementFrom(
  { findings, language }: ScenarioFindings,
  { takenAt, unavailable }: Snapshot,
): Statement {
  return {
    // What cannot be seen is not known to be ok.
    status: findings.length === 0 && unavailable.length > 0 ? "warning" : worstOf(findings),
    takenAt,
    findings: findings.map((finding) => ({ ...finding, text: finding.text[language] })),
    unavailable,
  };
}

/**
 * Ends an arrangement; code says what no model did.
 *
 * @param fallback - why it is not the model's
 */
export function summaryOf(
  statement: Statement,
  arrangement: Arrangement,
  fallback: FallbackReason | undefined,
): Summary {
  return {
    ...statement,
    summary: arrangement.finish(),
    summaryFrom: fallback ? "findings" : "model",
    ...(fallback && { fallback }),
  };
}

/**
 * Checks a summary that comes from outside this process.
 *
 * @throws ZodError when it has another shape
 */
export function parseSummary(value: unknown): Summary {
  return SUMMARY.parse(value);
}
