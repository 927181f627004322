import { isBroken, isUsable } from "@headroom/alerts/headroom";
import type { Bound, Limit } from "../limit.ts";
import { binned } from "./bins.ts";
import { lastSample, type Sample } from "./lane.ts";
import { lastReset } from "./resets.ts";
import { type Line, trend } from "./trend.ts";

/** Where the trend leads. */
export interface Forecast {
  /** The limit that is reached first among those not yet broken. */
  readonly limit: Limit;
  /** The value that is reached: the limit's edge on the side that the trend leads to. */
  readonly edge: number;
  /** When, in milliseconds since 1970. */
  readonly time: number;
  /** Milliseconds from the last value to `time`. */
  readonly inMs: number;
  /** Change of the value each millisecond. */
  readonly slope: number;
  /** Where the straight line to (`time`, `edge`) starts, at the time of the last value. */
  readonly startValue: number;
}

/** A trend is not drawn out further than this many times the time that it was seen for. */
export const HORIZON_SPANS = 4;

/** More points make the test for a trend slower and bolder, not better. */
const MOST_POINTS = 200;

/**
 * When the values reach the next limit if they go on as they have since the last reset.
 *
 * Said only when there is a significant trend (see {@link trend}), when it leads to a limit that the
 * last value has not broken, and when it gets there after `now` and within {@link HORIZON_SPANS}
 * times the time for which it was seen. It starts at the trend's own value, or at the last value
 * when the trend's is beyond the limit already.
 *
 * @param times milliseconds, ascending
 * @param now moments up to here are past; milliseconds
 */
export function forecast(
  times: readonly number[],
  values: readonly (number | null)[],
  limits: readonly Limit[],
  now: number,
): Forecast | undefined {
  const all = binned(times, values, -Infinity, MOST_POINTS);
  const reset = lastReset(all);
  const since = reset === 0 ? -Infinity : all.times[reset]!;
  const points = reset === 0 ? all : binned(times, values, since, MOST_POINTS);
  const seen = trend(points);
  const last = lastSample(times, values);
  if (seen === undefined || last === undefined) return undefined;

  // The last point is older than the last value where it is the median of several.
  const line = { ...seen, last: seen.last + seen.slope * (last.time - points.times.at(-1)!) };
  const horizon = HORIZON_SPANS * (last.time - points.times[0]!);
  const reached = limits
    .map((limit) => reach(limit, line, last))
    .filter((f) => f !== undefined)
    .filter((f) => f.inMs <= horizon && f.time > Math.max(now, last.time));
  return reached.reduce<Forecast | undefined>(earlier, undefined);
}

function reach(limit: Limit, line: Line, last: Sample): Forecast | undefined {
  const edge = edgeTowards(limit, line.slope);
  if (edge === undefined || !isUsable(limit) || isBroken(limit, last.value)) return undefined;
  const isLineInside = (edge - line.last) / line.slope > 0;
  const startValue = isLineInside ? line.last : last.value;
  const inMs = (edge - startValue) / line.slope;
  return { limit, edge, time: last.time + inMs, inMs, slope: line.slope, startValue };
}

function edgeTowards(limit: Bound, slope: number): number | undefined {
  if (slope > 0) return limit.bound === "lower" ? undefined : limit.upper;
  return limit.bound === "upper" ? undefined : limit.lower;
}

/** The one that is reached first; at the same moment, the critical one. */
function earlier(best: Forecast | undefined, other: Forecast): Forecast {
  if (best === undefined || other.inMs < best.inMs) return other;
  return other.inMs === best.inMs && other.limit.severity === "critical" ? other : best;
}
