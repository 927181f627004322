import { inMarkdown } from "@headroom/loadtest/report/format";
import type { RowResult } from "./run-row.ts";

/** Whether all that was expected held; a row that was skipped has not failed. */
export const held = ({ problems }: RowResult): boolean => problems.length === 0;

const HEAD = [
  ...["Row", "Fault", "Answers", "Errors", "Away", "P95", "Lost requests", "Lost alerts"],
  ...["Alerts", "Recovery", ""],
];

/** The head and a line for each row. */
export function chaosTable(results: readonly RowResult[]): readonly (readonly string[])[] {
  return [HEAD, ...results.map(line)];
}

function line(result: RowResult): readonly string[] {
  const { name, fault, seen, lost, lostAlerts, alerts, recoverySeconds, skipped } = result;
  const verdict = skipped !== undefined ? "skipped" : held(result) ? "passed" : "FAILED";
  if (!seen) return [name, fault, ...Array<string>(8).fill("-"), verdict];
  return [
    ...[name, fault, String(seen.answers), errorsInWords(seen.errors), String(seen.away)],
    ...[`${seen.p95Ms.toFixed(0)} ms`, String(lost), String(lostAlerts)],
    alerts?.map((alert) => alert.replace(/^Headroom/, "")).join(", ") || "none",
    recoverySeconds === undefined ? "never" : `${recoverySeconds.toFixed(1)} s`,
    verdict,
  ];
}

/** Like `12 of 503`. */
function errorsInWords(errors: Readonly<Record<string, number>>): string {
  const all = Object.entries(errors).map(([status, count]) => `${count} of ${status}`);
  return all.join(", ") || "0";
}

/** The table as Markdown, and below it what was noted, skipped or not as expected. */
export function chaosMarkdown(results: readonly RowResult[]): string {
  const remarks = remarksOn(results).map((remark) => `- ${remark}\n`);
  return `${inMarkdown(chaosTable(results))}\n${remarks.join("")}`;
}

/** What was noted, skipped or not as expected, a sentence each. */
export function remarksOn(results: readonly RowResult[]): string[] {
  return results.flatMap(({ name, note, skipped, problems }) => [
    ...(note === undefined ? [] : [`${name}: ${note}`]),
    ...(skipped === undefined ? [] : [`${name} was skipped: ${skipped}`]),
    ...problems.map((problem) => `${name} FAILED: ${problem}`),
  ]);
}

/** How many rows passed, failed and were skipped. */
export function tally(results: readonly RowResult[]): string {
  const skipped = results.filter((result) => result.skipped !== undefined).length;
  const failed = results.filter((result) => !held(result)).length;
  const passed = results.length - skipped - failed;
  return `${passed} of ${results.length} rows passed, ${failed} failed, ${skipped} skipped`;
}
