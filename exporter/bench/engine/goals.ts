import { formatCount, formatRatio } from "@headroom/loadtest/report/format";

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
