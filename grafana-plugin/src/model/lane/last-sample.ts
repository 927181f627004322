import type { Sample } from "./lane.ts";

/** The last value that is there, and its time. */
export function lastSample(
  times: readonly number[],
  values: readonly (number | null)[],
): Sample | undefined {
  for (let i = times.length - 1; i >= 0; i--) {
    const value = values[i];
    if (typeof value === "number" && Number.isFinite(value)) return { time: times[i]!, value };
  }
  return undefined;
}
