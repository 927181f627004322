import { medianInterval } from "../lane/interval.ts";
import { isStale } from "../lane/staleness.ts";
import type { Bound } from "../limit.ts";
import type { Samples } from "../samples.ts";
import { densityCells } from "./density.ts";
import { axisExtent } from "./extent.ts";
import { matchTimes } from "./match-times.ts";
import type { QualityMap, QualityPoint } from "./quality-map.ts";
import { commonRegion, sideOf } from "./region.ts";
import { meanTrail } from "./trail.ts";

/** Number of points above which the map shows their density instead: dots begin to overlap. */
export const MOST_POINTS = 1500;

/** A series and its limits. */
export interface LimitedSamples extends Samples {
  readonly limits: readonly Bound[];
}

/** The two qualities of one thing, say of one machine. */
export interface MapPair {
  readonly x: LimitedSamples;
  readonly y: LimitedSamples;
}

/** A point and what it breaks, with the limits of its own pair. */
interface Judged {
  readonly point: QualityPoint;
  readonly outside: QualityMap["outside"];
}

/**
 * Puts the second series of each pair against the first. A point is inside when it breaks no limit of
 * either series, whatever their severities; the region is what all limits of all pairs allow.
 *
 * @param range - visible range, milliseconds since 1970; points elsewhere are left out. `now` is its
 * end unless that is still to come
 */
export function buildMap(
  pairs: readonly MapPair[],
  range: { readonly from: number; readonly to: number; readonly now?: number },
): QualityMap {
  const judged = pairs
    .flatMap((pair) => judgedPoints(pair, range))
    .sort((a, b) => a.point.time - b.point.time);
  const points = judged.map(({ point }) => point);
  const region = {
    x: commonRegion(pairs.flatMap(({ x }) => x.limits)),
    y: commonRegion(pairs.flatMap(({ y }) => y.limits)),
  };
  const extent = {
    x: axisExtent(
      points.map(({ x }) => x),
      region.x,
    ),
    y: axisExtent(
      points.map(({ y }) => y),
      region.y,
    ),
  };
  const newest = newestOf(judged);
  // Several pairs are measured at the same moments.
  const times = [...new Set(points.map(({ time }) => time))];
  const ended =
    newest !== undefined &&
    isStale(newest.point.time, medianInterval(times, times), range.now ?? range.to);
  return {
    points,
    cells: points.length > MOST_POINTS ? densityCells(points, extent) : [],
    trail: meanTrail(points, range),
    region,
    insideShare: shareInside(points, region),
    current: newest?.point,
    ended,
    outside: ended ? [] : (newest?.outside ?? []),
    extent,
  };
}

function judgedPoints({ x, y }: MapPair, range: { from: number; to: number }): Judged[] {
  const judged: Judged[] = [];
  for (const match of matchTimes(x, y)) {
    const time = x.times[match.x]!;
    if (time < range.from || time > range.to) continue;
    const at = { x: x.values[match.x]!, y: y.values[match.y]! };
    const outside = [...broken("x", x.limits, at.x), ...broken("y", y.limits, at.y)];
    const recency = range.to > range.from ? (time - range.from) / (range.to - range.from) : 1;
    judged.push({ point: { time, ...at, inside: outside.length === 0, recency }, outside });
  }
  return judged;
}

function broken(axis: "x" | "y", limits: readonly Bound[], value: number): QualityMap["outside"] {
  const sides = new Set(limits.map((limit) => sideOf(limit, value)));
  return [...sides].flatMap((side) => (side ? [{ axis, side }] : []));
}

/** Of several pairs measured at the same last moment, one that is outside: that is what matters. */
function newestOf(judged: readonly Judged[]): Judged | undefined {
  const last = judged.at(-1);
  return judged.findLast(({ point }) => point.time === last?.point.time && !point.inside) ?? last;
}

function shareInside(points: readonly QualityPoint[], region: QualityMap["region"]): number {
  if (points.length === 0 || (!region.x && !region.y)) return Number.NaN;
  return points.filter(({ inside }) => inside).length / points.length;
}
