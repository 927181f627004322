import { inMarkdown } from "../columns.ts";
import { type DrillResult, STEPS } from "./run-drill.ts";

/** Whether everything happened, and nothing else. */
export const passed = ({ problems }: DrillResult): boolean => problems.length === 0;

const HEAD = ["Alert", "Fault", ...STEPS.map((step) => step[0]!.toUpperCase() + step.slice(1)), ""];

/** The head and a row for each drill; times are seconds since the fault. */
export function drillTable(results: readonly DrillResult[]): readonly (readonly string[])[] {
  return [HEAD, ...results.map(row)];
}

function row(result: DrillResult): readonly string[] {
  const { alert, fault, seconds } = result;
  const times = STEPS.map((step) => seconds[step]?.toFixed(1) ?? "-");
  return [alert, fault, ...times, passed(result) ? "passed" : "FAILED"];
}

/** The table as Markdown. */
export function drillMarkdown(results: readonly DrillResult[]): string {
  return inMarkdown(drillTable(results));
}

/** What went wrong, a line each, and how many drills passed. */
export function conclusion(results: readonly DrillResult[]): string {
  const problems = results.flatMap(({ alert, problems }) =>
    problems.map((problem) => `${alert}: ${problem}`),
  );
  const good = results.filter(passed).length;
  return [...problems, `${good} of ${results.length} drills passed`].join("\n");
}
