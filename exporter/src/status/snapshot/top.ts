import type { ProcessState } from "./snapshot.ts";

/** How many processes each list of the heaviest holds. */
export const TOP_PROCESSES = 5;

/** The heaviest that use any at all, the heaviest first; equals by pid. */
export function top<T extends Pick<ProcessState, "pid" | M>, M extends "cpuShare" | "memoryBytes">(
  all: readonly T[],
  measure: M,
): readonly T[] {
  return all
    .filter((one) => one[measure] > 0)
    .sort((a, b) => b[measure] - a[measure] || a.pid - b.pid)
    .slice(0, TOP_PROCESSES);
}
