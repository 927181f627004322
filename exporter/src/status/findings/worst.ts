import type { Finding, FindingSeverity } from "./finding.ts";

const RANK: Readonly<Record<FindingSeverity, number>> = { ok: 0, warning: 1, critical: 2 };

/** How bad a severity is; the higher, the worse. */
export function severityRank(severity: FindingSeverity): number {
  return RANK[severity];
}

/** The worst severity among the findings; ok when there are none. */
export function worstOf(findings: readonly Finding[]): FindingSeverity {
  return findings.reduce<FindingSeverity>(
    (worst, { severity }) => (RANK[severity] > RANK[worst] ? severity : worst),
    "ok",
  );
}
