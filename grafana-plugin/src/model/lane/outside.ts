import type { Limit, Severity } from "../limit.ts";
import { medianInterval } from "./interval.ts";
import { worstBroken } from "./lane.ts";

/** A stretch of time in which the values were outside their limits; times in milliseconds. */
export interface Breach {
  readonly start: number;
  readonly end: number;
  /** The worst limit that was broken in it. */
  readonly severity: Severity;
}

/** When, and for how long, a series was outside its limits. Milliseconds. */
export interface Outside {
  /** In time order. One that only the very last moment shows has no length. */
  readonly breaches: readonly Breach[];
  readonly total: number;
  readonly longest: number;
  /** Share of the time that is covered by values; NaN when none is. */
  readonly share: number;
}

/** What {@link outside} looks at. */
export interface OutsideOptions {
  /** Only time from here on counts; milliseconds. */
  readonly from?: number;
  /** Only time up to here counts; milliseconds. */
  readonly to?: number;
  /** The usual time between values, when it is known already; milliseconds. */
  readonly interval?: number;
}

/** Values further apart than this many usual intervals have a gap between them. */
export const GAP_INTERVALS = 4;

/**
 * When the values were outside any of the limits.
 *
 * A value holds until the next one. Over a gap (a null, or more than {@link GAP_INTERVALS} usual
 * intervals) it holds for one usual interval, and so does the last value, but never past `to`. A
 * single value has no usual interval and holds for no time. Stretches that touch are one breach, as
 * severe as the worst of them; a gap separates breaches.
 */
export function outside(
  times: readonly number[],
  values: readonly (number | null)[],
  limits: readonly Limit[],
  options: OutsideOptions = {},
): Outside {
  const { from = -Infinity, to = Infinity, interval = medianInterval(times, values) } = options;
  const breaches: { start: number; end: number; severity: Severity }[] = [];
  let covered = 0;
  let total = 0;

  eachHold(times, values, interval, (value, heldFrom, heldTo) => {
    if (heldFrom > to || (heldFrom < from && heldTo <= from)) return;
    const start = Math.max(heldFrom, from);
    const end = Math.min(heldTo, to);
    covered += end - start;
    const broken = worstBroken(limits, value);
    if (broken === undefined) return;
    total += end - start;
    const open = breaches.at(-1);
    if (open?.end !== start) {
      breaches.push({ start, end, severity: broken.severity });
      return;
    }
    open.end = end;
    if (broken.severity === "critical") open.severity = "critical";
  });

  return {
    breaches,
    total,
    longest: breaches.reduce((longest, b) => Math.max(longest, b.end - b.start), 0),
    share: covered > 0 ? total / covered : Number.NaN,
  };
}

/** Calls `visit` with each value and the time for which it holds. */
function eachHold(
  times: readonly number[],
  values: readonly (number | null)[],
  interval: number,
  visit: (value: number, start: number, end: number) => void,
): void {
  const hold = Number.isNaN(interval) ? 0 : interval;
  let index = nextValue(values, 0);
  while (index < times.length) {
    const next = nextValue(values, index + 1);
    const start = times[index]!;
    const nextTime = times[next] ?? Infinity;
    const isGap = next > index + 1 || nextTime - start > GAP_INTERVALS * hold;
    visit(values[index]!, start, isGap ? Math.min(start + hold, nextTime) : nextTime);
    index = next;
  }
}

function nextValue(values: readonly (number | null)[], from: number): number {
  let index = from;
  while (index < values.length && !Number.isFinite(values[index])) index++;
  return index;
}
