import type { Samples } from "./limit.ts";

/**
 * Keeps what can be seen when the values are drawn as a line `width` pixels wide: of each column of
 * pixels the smallest and the greatest value, in time order, and nulls where values are missing.
 * No extreme is lost, so a single value beyond a limit stays visible. The first and the last sample
 * stay. A gap is only closed when it is narrower than a column.
 *
 * Samples before `from` share one column, samples after `to` another.
 *
 * @param from start of the drawing, in milliseconds
 * @param to end of the drawing, in milliseconds
 * @param width in pixels; less than 1 counts as 1
 * @returns at most two values and two nulls a column, or the input's own arrays when they hold at
 * most two samples a pixel
 */
export function decimate(
  times: readonly number[],
  values: readonly (number | null)[],
  from: number,
  to: number,
  width: number,
): Samples {
  const n = times.length;
  const columns = Math.max(1, Math.floor(width) || 0);
  if (n <= 2 * columns) return { times, values };

  const kept = keeper(times, values);
  const scale = to > from ? columns / (to - from) : 0;
  let column = Number.NaN;
  let min = -1;
  let max = -1;
  let firstNull = -1;
  let lastNull = -1;

  kept.keep(0);
  for (let i = 0; i < n; i++) {
    const position = Math.floor((times[i]! - from) * scale);
    const here = position < 0 ? -1 : position < columns ? position : columns;
    if (here !== column) {
      kept.keepInOrder(min, max, firstNull, lastNull);
      column = here;
      min = max = firstNull = lastNull = -1;
    }
    const value = values[i];
    if (value === null || value === undefined || Number.isNaN(value)) {
      if (firstNull < 0) firstNull = i;
      lastNull = i;
      continue;
    }
    if (min < 0 || value < values[min]!) min = i;
    if (max < 0 || value > values[max]!) max = i;
  }
  kept.keepInOrder(min, max, firstNull, lastNull);
  kept.keep(n - 1);
  return kept.samples;
}

/** Collects samples by their index, each once and in time order, and one null where several meet. */
function keeper(times: readonly number[], values: readonly (number | null)[]) {
  const samples = { times: [] as number[], values: [] as (number | null)[] };
  let last = -1;

  function keep(index: number): void {
    if (index <= last) return;
    const value = values[index] ?? null;
    const missing = value === null || Number.isNaN(value);
    const lastKept = samples.values.length === 0 ? 0 : samples.values[samples.values.length - 1];
    const isEnd = index === times.length - 1;
    if (missing && lastKept === null && !isEnd) return;
    samples.times.push(times[index]!);
    samples.values.push(missing ? null : value);
    last = index;
  }

  /** Keeps those of the four that are an index, in ascending order; sorts without an array. */
  function keepInOrder(a: number, b: number, c: number, d: number): void {
    const low = Math.min(a, b);
    const high = Math.max(a, b);
    // The nulls are in order already: c <= d.
    const inner = Math.max(low, c);
    const outer = Math.min(high, d);
    keep(Math.min(low, c));
    keep(Math.min(inner, outer));
    keep(Math.max(inner, outer));
    keep(Math.max(high, d));
  }

  return { samples, keep, keepInOrder };
}

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
