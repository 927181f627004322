import type { Samples } from "./samples.ts";

/**
 * Puts a null into every gap, so that a line drawn through the values breaks there. Data sources
 * often leave samples out where there was nothing to measure.
 *
 * @param gapMs time between two samples, in milliseconds, above which it is a gap
 * @returns the input itself when it has no gap
 */
export function markGaps(samples: Samples, gapMs: number): Samples {
  const { times, values } = samples;
  let marked: { times: number[]; values: (number | null)[] } | undefined;
  for (let i = 1; i < times.length; i++) {
    const before = times[i - 1]!;
    const time = times[i]!;
    if (time - before > gapMs && values[i - 1] !== null && values[i] !== null) {
      marked ??= { times: times.slice(0, i), values: values.slice(0, i) };
      marked.times.push(before + (time - before) / 2);
      marked.values.push(null);
    }
    marked?.times.push(time);
    marked?.values.push(values[i] ?? null);
  }
  return marked ?? samples;
}
