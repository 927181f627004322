import { inColumns } from "../columns.ts";
import type { Row, Verdict } from "./row.ts";
import type { CheckResult } from "./run-check.ts";

const HEAD = ["step", "observed", "limit", "verdict"] as const;

const SIMULATED = "Simulated engine: figures of the model are made up.";

const cells = ({ title, observed, limit, verdict }: Row): readonly string[] => [
  title,
  observed,
  limit,
  verdict,
];

/** A check as a table for a terminal, what to do about it, and the counts as the last line. */
export function checkText(result: CheckResult): string {
  return [
    ...(result.simulated ? [SIMULATED, ""] : []),
    inColumns([HEAD, ...result.steps.map(cells)]),
    "",
    ...section("What to do", result, "fail"),
    ...section("Not known, and why", result, "unknown"),
    ...section("Remarks", result, "pass"),
    countsLine(result),
  ].join("\n");
}

/** A check as a Markdown table, what to do about it, and the counts as the last line. */
export function checkMarkdown(result: CheckResult): string {
  const line = (texts: readonly string[]): string => `| ${texts.map(escaped).join(" | ")} |`;
  return [
    `# Check of ${result.at}: ${result.kind}`,
    "",
    ...(result.simulated ? [SIMULATED, ""] : []),
    line(HEAD),
    line(HEAD.map(() => "---")),
    ...result.steps.map((row) => line(cells(row))),
    "",
    ...(["fail", "unknown"] as const).flatMap((verdict) => {
      const told = remarks(result, verdict).map((text) => `- ${text}`);
      return told.length === 0 ? [] : [...told, ""];
    }),
    countsLine(result),
  ].join("\n");
}

/** The counts of a check in one line. */
export function countsLine({ kind, counts }: Pick<CheckResult, "kind" | "counts">): string {
  return `${kind} check: ${counts.pass} passed, ${counts.fail} failed, ${counts.unknown} unknown`;
}

function section(title: string, result: CheckResult, verdict: Verdict): readonly string[] {
  const told = remarks(result, verdict);
  return told.length === 0 ? [] : [title, ...told.map((text) => `  ${text}`), ""];
}

function remarks({ steps, incidents }: CheckResult, verdict: Verdict): readonly string[] {
  return steps
    .filter((row) => row.verdict === verdict && row.detail !== "")
    .map(({ title, detail, runbook }) => {
      const where = runbook ? ` Runbook: ${incidents}/runbooks/${runbook}` : "";
      return `${title}: ${detail}${where}`;
    });
}

const escaped = (text: string): string => text.replaceAll("|", "\\|");
