import { inMarkdown } from "@headroom/loadtest/report/format";

/** What happens in a drill; a process of incidents that is down is told after the fault ended. */
const STEPS = ["pending", "firing", "notified", "incident", "ended", "resolved", "closed"] as const;

/** See {@link STEPS}. */
export type Step = (typeof STEPS)[number];

/** How a drill went. */
export interface DrillResult {
  readonly alert: string;
  readonly fault: string;
  /** Seconds from the fault to each step that was reached. */
  readonly seconds: Readonly<Partial<Record<Step, number>>>;
  /** What did not happen, or should not have; empty when the drill passed. */
  readonly problems: readonly string[];
}

/** Whether everything happened, and nothing else. */
export const passed = ({ problems }: DrillResult): boolean => problems.length === 0;

const HEAD = ["Alert", "Fault", ...STEPS.map((step) => step[0]!.toUpperCase() + step.slice(1)), ""];

/** In a narrow terminal: when it was told and when all was over, rather than each step. */
export const DRILL_SHAPE = { optional: [2, 5, 6, 8] };

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
