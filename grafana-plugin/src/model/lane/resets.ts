import { medianInPlace, selectInPlace } from "../median.ts";
import type { Points } from "./bins.ts";

/** Points on each side of a step that say which level it leads from and to. */
const SIDE = 5;
/** A step is a reset only above this share of what the values usually span. */
const LEAST_SHARE_OF_SPAN = 0.25;
/** And only above this many times the usual change in as much time, so that noise is none. */
const LEAST_TIMES_USUAL = 2;
/** And only if one step makes this share of the change of level; else it is a bend. */
const LEAST_SHARE_OF_CHANGE = 0.4;

/**
 * Where the last reset is: a sudden and lasting change of level, as a restart leaves in a process'
 * memory. What came before says nothing about where the values go from there.
 *
 * A change of level at i is the difference between the median of the five values from i on and the
 * median of the five before. It is a reset when it is large against the span of the values (their 5
 * to 95 % quantiles) and against what neighbours usually differ in as much time, and when mostly a
 * single step makes it. A spike does not change the median, and a bend has no single step; only
 * among the last two values a spike cannot be told from a reset, and counts as one.
 *
 * @returns index of the first value after the last reset; 0 when there is none
 */
export function lastReset({ times, values }: Points): number {
  const leastOfSpan = LEAST_SHARE_OF_SPAN * usualSpan(values);
  const leastInTime = LEAST_TIMES_USUAL * usualRate(times, values);
  for (let i = values.length - 1; i > 0; i--) {
    const change = changeOfLevel(values, i);
    const least = Math.max(leastOfSpan, leastInTime * changeOfLevel(times, i));
    if (Math.abs(change) <= least) continue;
    const at = largestStep(values, i, Math.sign(change));
    const step = Math.abs(values[at]! - values[at - 1]!);
    if (step >= LEAST_SHARE_OF_CHANGE * Math.abs(change)) return at;
  }
  return 0;
}

function usualSpan(values: readonly number[]): number {
  if (values.length === 0) return 0;
  const array = Float64Array.from(values);
  const last = values.length - 1;
  const low = selectInPlace(array, Math.floor(0.05 * last));
  return selectInPlace(array, Math.ceil(0.95 * last)) - low;
}

/** Median change of neighbours, up or down, each millisecond. */
function usualRate(times: readonly number[], values: readonly number[]): number {
  if (values.length < 2) return 0;
  return medianInPlace(
    Float64Array.from(values.slice(1), (value, i) =>
      Math.abs((value - values[i]!) / (times[i + 1]! - times[i]!)),
    ),
  );
}

function changeOfLevel(values: readonly number[], at: number): number {
  const before = Float64Array.from(values.slice(Math.max(0, at - SIDE), at));
  const after = Float64Array.from(values.slice(at, at + SIDE));
  return medianInPlace(after) - medianInPlace(before);
}

/** Where, among the steps that can have made the change of level at `near`, the largest one is. */
function largestStep(values: readonly number[], near: number, direction: number): number {
  let largest = near;
  for (let i = near; i > Math.max(0, near - SIDE); i--) {
    const step = direction * (values[i]! - values[i - 1]!);
    if (step > direction * (values[largest]! - values[largest - 1]!)) largest = i;
  }
  return largest;
}
