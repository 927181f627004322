import { environment } from "./environment.ts";

/** The part of k6's end-of-run data that the report reads. */
interface EndOfRun {
  metrics: Record<string, { values: Record<string, number> }>;
  root_group: { checks: readonly { name: string; passes: number; fails: number }[] };
  state: { testRunDurationMs: number };
}

/** k6's `handleSummary`: the figures as JSON, to the run's folder or else to the terminal. */
export function handleSummary(data: EndOfRun): Record<string, string> {
  const figures = {
    seconds: data.state.testRunDurationMs / 1000,
    metrics: Object.fromEntries(
      Object.entries(data.metrics).map(([name, { values }]) => [name, values]),
    ),
    checks: data.root_group.checks.map(({ name, passes, fails }) => ({ name, passes, fails })),
  };
  return { [environment.summaryFile || "stdout"]: `${JSON.stringify(figures, null, 2)}\n` };
}
