import { medianInterval } from "../lane/interval.ts";
import type { Samples } from "../limit.ts";

/** Indices of two values that were measured together. */
export interface Match {
  readonly x: number;
  readonly y: number;
}

/**
 * Pairs the values of two series by time: those of the same moment, else those that are nearest to
 * each other, when they lie no further apart than half the shorter of both usual intervals. Each
 * value is used once at most, and missing values not at all. With fewer than two values on both
 * sides there is no interval, and only the same moment counts.
 *
 * @returns pairs in the order of time
 */
export function matchTimes(x: Samples, y: Samples): readonly Match[] {
  const xs = present(x);
  const ys = present(y);
  const intervals = [x, y].map(({ times, values }) => medianInterval(times, values));
  const known = intervals.filter((interval) => !Number.isNaN(interval));
  const tolerance = known.length > 0 ? Math.min(...known) / 2 : 0;
  const nearestY = nearest(xs, x.times, ys, y.times);
  const nearestX = nearest(ys, y.times, xs, x.times);
  const matches: Match[] = [];
  xs.forEach((xIndex, i) => {
    const j = nearestY[i];
    // Only who is nearest to each other: a value of the same moment is never taken by a neighbour.
    if (j === undefined || nearestX[j] !== i) return;
    const yIndex = ys[j]!;
    if (Math.abs(x.times[xIndex]! - y.times[yIndex]!) <= tolerance) {
      matches.push({ x: xIndex, y: yIndex });
    }
  });
  return matches;
}

function present({ values }: Samples): number[] {
  const indices: number[] = [];
  for (let i = 0; i < values.length; i++) if (Number.isFinite(values[i])) indices.push(i);
  return indices;
}

/** For each of `from`, the position in `to` of the nearest in time; the earlier of two. */
function nearest(
  from: readonly number[],
  fromTimes: readonly number[],
  to: readonly number[],
  toTimes: readonly number[],
): (number | undefined)[] {
  if (to.length === 0) return from.map(() => undefined);
  const time = (position: number) => toTimes[to[position]!]!;
  let position = 0;
  return from.map((index) => {
    const wanted = fromTimes[index]!;
    while (
      position + 1 < to.length &&
      Math.abs(time(position + 1) - wanted) < Math.abs(time(position) - wanted)
    ) {
      position++;
    }
    return position;
  });
}
