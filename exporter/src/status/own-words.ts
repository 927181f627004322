import type { FallbackReason } from "./answer.ts";
import type { Question } from "./ask-model.ts";
import { worstOf } from "./findings/worst.ts";
import type { Snapshot } from "./snapshot/snapshot.ts";
import type { Statement, Summary } from "./summary.ts";
import { statementOf } from "./verdict.ts";

/** What a snapshot's findings say, in the question's language. */
export function statementFrom({ findings, language }: Question, snapshot: Snapshot): Statement {
  return {
    // What cannot be seen is not known to be ok.
    status:
      findings.length === 0 && snapshot.unavailable.length > 0 ? "warning" : worstOf(findings),
    takenAt: snapshot.takenAt,
    findings: findings.map((finding) => ({ ...finding, text: finding.text[language] })),
    unavailable: snapshot.unavailable,
  };
}

/** The findings' own sentences as the summary. */
export function inOwnWords(
  { findings, language, strategy }: Question,
  statement: Statement,
  fallback: FallbackReason | undefined,
): Summary {
  return {
    ...statement,
    summary: statementOf(findings, language, strategy.findings),
    summaryFrom: "findings",
    ...(fallback && { fallback }),
    grounded: fallback !== "ungrounded",
  };
}
