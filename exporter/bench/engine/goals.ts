import { formatCount, formatRatio } from "../../../loadtest/report/format.ts";

/** What the engine shall reach. Judged when the bench is run: nothing alerts on it. */
export const ENGINE_GOALS = {
  /** The pipeline's rate, of the raw loop's. */
  pipelineOfRaw: 0.7,
  /** The rate over HTTP, of llama-cpp-python's in a process. */
  httpOfPython: 8,
  /** The rate over HTTP, of the saved unbatched one. */
  httpOfUnbatched: 20,
  /** Messages a second over HTTP, for a client that takes little of the machine. */
  httpPerSecond: 9_000,
  /** The most that metrics and attribution's observation may add to the time. */
  observing: 0.01,
  /** The most that a scrape may take, in seconds. */
  scrapeSeconds: 0.005,
} as const;

/** A row of the table of figures with goals. */
export function goalRow(
  figure: string,
  value: number | undefined,
  goal: { readonly atLeast: number; readonly as: "ratio" | "rate" },
  shown?: string,
): string[] {
  const format = goal.as === "ratio" ? formatRatio : formatCount;
  const wanted = `at least ${format(goal.atLeast)}`;
  if (value === undefined) return [figure, shown ?? "not measured", wanted, "-"];
  return [figure, shown ?? format(value), wanted, verdict(value >= goal.atLeast)];
}

/** Whether a goal is reached, in a word. */
export function verdict(reached: boolean): string {
  return reached ? "reached" : "MISSED";
}

/** The same for a value that must not exceed its goal, and is known only so well. */
export function verdictInDoubt(value: number, doubt: number, atMost: number): string {
  if (value + doubt <= atMost) return verdict(true);
  return value - doubt > atMost ? verdict(false) : "unclear: more rounds tell";
}
