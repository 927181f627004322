import { inMarkdown } from "@headroom/loadtest/report/format";
import { inTable, PLAIN, type Screen, wrap } from "@headroom/loadtest/report/columns";
import type { CheckResult } from "./run-check.ts";
import type { Verdict } from "./step.ts";

const HEAD = ["step", "observed", "limit", "verdict"];

/** A check as a table for a terminal, what to do about it, and the counts as the last line. */
export function checkText(result: CheckResult, screen: Screen = PLAIN): string {
  const section = (title: string, verdict: Verdict): readonly string[] => {
    const told = remarks(result, verdict);
    const lines = told.flatMap((text) => wrap(text, screen.columns - 2, screen));
    return told.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`), ""];
  };
  return [
    ...warning(result),
    inTable(table(result), screen),
    "",
    ...section("What to do", "fail"),
    ...section("Not known, and why", "unknown"),
    ...section("Remarks", "pass"),
    ...wrap(countsLine(result), screen.columns, screen),
  ].join("\n");
}

/** A check as a Markdown table, what to do about it, and the counts as the last line. */
export function checkMarkdown(result: CheckResult): string {
  const list = (verdict: Verdict): readonly string[] => {
    const told = remarks(result, verdict);
    return told.length === 0 ? [] : [...told.map((text) => `- ${text}`), ""];
  };
  return [
    `# Check of ${result.at}: ${result.kind}`,
    "",
    ...warning(result),
    inMarkdown(table(result)),
    ...list("fail"),
    ...list("unknown"),
    countsLine(result),
  ].join("\n");
}

/** What to see to comes first. */
const ORDER: readonly Verdict[] = ["fail", "unknown", "pass"];

function table({ steps }: CheckResult): readonly (readonly string[])[] {
  const place = ({ verdict }: (typeof steps)[number]) => ORDER.indexOf(verdict);
  const rows = [...steps]
    .sort((a, b) => place(a) - place(b))
    .map(({ title, observed, limit, verdict }) => [title, observed, limit, verdict]);
  return [HEAD, ...rows];
}

function warning({ simulated }: CheckResult): readonly string[] {
  return simulated ? ["Simulated engine: figures of the model are made up.", ""] : [];
}

function remarks({ steps, incidents }: CheckResult, verdict: Verdict): readonly string[] {
  return steps
    .filter((row) => row.verdict === verdict && row.detail !== "")
    .map(({ title, detail, runbook }) => {
      const where = runbook ? ` Runbook: ${incidents}/runbooks/${runbook}` : "";
      return `${title}: ${detail}${where}`;
    });
}

function countsLine({ kind, counts }: CheckResult): string {
  return `${kind} check: ${counts.pass} passed, ${counts.fail} failed, ${counts.unknown} unknown`;
}
