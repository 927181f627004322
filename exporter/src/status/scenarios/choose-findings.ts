import type { Finding } from "../findings/finding.ts";
import { severityRank } from "../findings/worst.ts";
import type { Scenario } from "./scenario.ts";

/**
 * The findings that belong to a scenario: the worst first, then in the scenario's own order of
 * importance.
 */
export function chooseFindings(scenario: Scenario, findings: readonly Finding[]): Finding[] {
  const own = findings
    .filter(({ kind }) => scenario.kinds.includes(kind))
    .map((finding, position) => ({ finding, position }))
    .sort(
      (a, b) =>
        severityRank(b.finding.severity) - severityRank(a.finding.severity) ||
        turnOf(scenario, a.finding) - turnOf(scenario, b.finding) ||
        a.position - b.position,
    )
    .map(({ finding }) => finding);
  const trouble = own.filter(({ severity }) => severity !== "ok");
  return scenario.onlyTrouble && trouble.length > 0 ? trouble : interleaved(own);
}

function turnOf({ kinds }: Scenario, { kind }: Finding): number {
  return kinds.indexOf(kind);
}

/** Of findings that are ok, one of each kind comes before the second of any: few may be told. */
function interleaved(findings: readonly Finding[]): Finding[] {
  const seen = new Map<string, number>();
  return findings
    .map((finding) => {
      const turn = seen.get(finding.kind) ?? 0;
      seen.set(finding.kind, turn + 1);
      return { finding, round: finding.severity === "ok" ? turn : -1 };
    })
    .sort((a, b) => a.round - b.round)
    .map(({ finding }) => finding);
}
