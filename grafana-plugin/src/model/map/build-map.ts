import { isUsable } from "@headroom/alerts/headroom";
import { isStale, medianInterval } from "../lane/interval.ts";
import type { Bound, Samples } from "../limit.ts";
import { matchTimes } from "./match-times.ts";
import { type CountedCell, messageGrid } from "./message-grid.ts";
import type { DensityCell, QualityMap, QualityPoint } from "./quality-map.ts";
import { sideOf } from "./side.ts";

/** Number of points above which the map shows their density instead: dots begin to overlap. */
export const MOST_POINTS = 1500;

/** A series and its limits. */
export interface LimitedSamples extends Samples {
  readonly limits: readonly Bound[];
  /** Where its axis begins and ends, unless a value lies beyond; by its values when left out. */
  readonly ends?: Ends;
}

/** Smallest and largest number of an axis, as far as they are given. */
interface Ends {
  readonly min?: number | null | undefined;
  readonly max?: number | null | undefined;
}

/** The two qualities of one thing, say of one machine. */
interface MapPair {
  readonly x: LimitedSamples;
  readonly y: LimitedSamples;
}

/** A point and what it breaks, with the limits of its own pair. */
interface CheckedPoint {
  readonly point: QualityPoint;
  readonly outside: QualityMap["outside"];
}

/**
 * Puts the second series of each pair against the first. A point is inside when it breaks no limit of
 * either series, whatever their severities; the region is what all limits of all pairs allow. Where
 * messages were counted, these are shown and not the means, of which only the way is left.
 *
 * @param counted - messages in the cells of a grid; none for other data
 * @param range - visible range, milliseconds since 1970; points elsewhere are left out. `now` is its
 * end unless that is still to come
 */
export function buildMap(
  pairs: readonly MapPair[],
  range: { readonly from: number; readonly to: number; readonly now?: number },
  counted: readonly CountedCell[] = [],
): QualityMap {
  const checked = pairs
    .flatMap((pair) => checkedPoints(pair, range))
    .sort((a, b) => a.point.time - b.point.time);
  const points = checked.map(({ point }) => point);
  const limits = {
    x: pairs.flatMap(({ x }) => x.limits),
    y: pairs.flatMap(({ y }) => y.limits),
  };
  const region = { x: commonRegion(limits.x), y: commonRegion(limits.y) };
  const grid = counted.length > 0 ? messageGrid(counted, limits) : undefined;
  const extent = grid?.extent ?? {
    x: axisExtent(
      points.map(({ x }) => x),
      region.x,
      pairs[0]?.x.ends,
    ),
    y: axisExtent(
      points.map(({ y }) => y),
      region.y,
      pairs[0]?.y.ends,
    ),
  };
  const newest = newestOf(checked);
  // Several pairs are measured at the same moments.
  const times = [...new Set(points.map(({ time }) => time))];
  const ended =
    newest !== undefined &&
    isStale(newest.point.time, medianInterval(times, times), range.now ?? range.to);
  return {
    points,
    cells: grid?.cells ?? (points.length > MOST_POINTS ? densityCells(points, extent) : []),
    messages: grid?.messages,
    trail: meanTrail(points, range),
    region,
    insideShare: grid?.insideShare ?? shareInside(points, region),
    current: newest?.point,
    ended,
    outside: ended ? [] : (newest?.outside ?? []),
    extent,
  };
}

function checkedPoints({ x, y }: MapPair, range: { from: number; to: number }): CheckedPoint[] {
  const checked: CheckedPoint[] = [];
  for (const match of matchTimes(x, y)) {
    const time = x.times[match.x]!;
    if (time < range.from || time > range.to) continue;
    const at = { x: x.values[match.x]!, y: y.values[match.y]! };
    const outside = [...broken("x", x.limits, at.x), ...broken("y", y.limits, at.y)];
    const recency = range.to > range.from ? (time - range.from) / (range.to - range.from) : 1;
    checked.push({ point: { time, ...at, inside: outside.length === 0, recency }, outside });
  }
  return checked;
}

function broken(axis: "x" | "y", limits: readonly Bound[], value: number): QualityMap["outside"] {
  const sides = new Set(limits.map((limit) => sideOf(limit, value)));
  return [...sides].flatMap((side) => (side ? [{ axis, side }] : []));
}

/** Of several pairs measured at the same last moment, one that is outside: that is what matters. */
function newestOf(checked: readonly CheckedPoint[]): CheckedPoint | undefined {
  const last = checked.at(-1);
  return checked.findLast(({ point }) => point.time === last?.point.time && !point.inside) ?? last;
}

function shareInside(points: readonly QualityPoint[], region: QualityMap["region"]): number {
  if (points.length === 0 || (!region.x && !region.y)) return Number.NaN;
  return points.filter(({ inside }) => inside).length / points.length;
}

/**
 * What all limits together allow. A limit that would leave no value beside those before it is left
 * out, so that there is always something to draw.
 *
 * @returns undefined when there is no limit
 */
export function commonRegion(limits: readonly Bound[]): Bound | undefined {
  let lower = -Infinity;
  let upper = Infinity;
  for (const limit of limits.filter(isUsable)) {
    const low = Math.max(lower, limit.bound === "upper" ? -Infinity : limit.lower);
    const high = Math.min(upper, limit.bound === "lower" ? Infinity : limit.upper);
    if (low < high) [lower, upper] = [low, high];
  }
  if (lower > -Infinity && upper < Infinity) return { bound: "band", lower, upper };
  if (upper < Infinity) return { bound: "upper", upper };
  return lower > -Infinity ? { bound: "lower", lower } : undefined;
}

/** Free room on each side of an axis, as a share of what it shows. */
const MARGIN = 0.05;

/** Below it numbers lose digits until none is left (IEEE 754, subnormal numbers). */
const SMALLEST = 2 ** -1022;

/**
 * Where an axis begins and ends: where it is told to, else around all values and the edges of the region,
 * with a margin. An outlier stretches it, because a value far outside is just what the map is looked at for.
 *
 * @returns 0 to 1 when there is neither a value nor an edge
 */
export function axisExtent(
  values: Iterable<number>,
  region: Bound | undefined,
  { min, max }: Ends = {},
): readonly [number, number] {
  let low = Infinity;
  let high = -Infinity;
  const include = (value: number) => {
    low = Math.min(low, value);
    high = Math.max(high, value);
  };
  for (const value of values) include(value);
  if (region && region.bound !== "upper") include(region.lower);
  if (region && region.bound !== "lower") include(region.upper);
  if (low > high) return typeof min === "number" && typeof max === "number" ? [min, max] : [0, 1];
  // A single value has no width: a tenth of its size makes it readable, or 1 around zero and around
  // numbers so small that a share of them is zero.
  const fifth = Math.abs(high) / 5;
  const width = high > low ? high - low : fifth > SMALLEST ? fifth : 2;
  const margin = high > low ? width * MARGIN : width / 2;
  return [
    typeof min === "number" && min <= low ? min : low - margin,
    typeof max === "number" && max >= high ? max : high + margin,
  ];
}

/** Cells along each axis: about ten pixels each in a panel of usual size. */
const CELLS = 48;

/**
 * Counts points in a grid over the map. Only cells with points are given.
 *
 * @param extent - contains all points
 */
export function densityCells(
  points: readonly QualityPoint[],
  extent: QualityMap["extent"],
): readonly DensityCell[] {
  const width = (extent.x[1] - extent.x[0]) / CELLS;
  const height = (extent.y[1] - extent.y[0]) / CELLS;
  const counts = new Uint32Array(CELLS * CELLS);
  const recencies = new Float64Array(CELLS * CELLS);
  for (const { x, y, recency } of points) {
    const cell = index(y - extent.y[0], height) * CELLS + index(x - extent.x[0], width);
    counts[cell]!++;
    recencies[cell] = Math.max(recencies[cell]!, recency);
  }
  const cells: DensityCell[] = [];
  counts.forEach((count, cell) => {
    if (count === 0) return;
    const x = extent.x[0] + (cell % CELLS) * width;
    const y = extent.y[0] + Math.floor(cell / CELLS) * height;
    cells.push({ x, y, width, height, count, recency: recencies[cell]! });
  });
  return cells;
}

/** Rounding may carry a point at the very edge into a cell that does not exist. */
function index(distance: number, size: number): number {
  return Math.min(CELLS - 1, Math.max(0, Math.floor(distance / size)));
}

/** Stretches of the range: enough to see a turn, few enough to follow the line. */
const STRETCHES = 24;

/**
 * The path of the mean: the mean of time and values in equal stretches of the range, oldest first.
 * Stretches without points are passed over.
 */
export function meanTrail(
  points: readonly QualityPoint[],
  range: { readonly from: number; readonly to: number },
): QualityMap["trail"] {
  const stretches = Array.from({ length: STRETCHES }, () => ({ n: 0, time: 0, x: 0, y: 0 }));
  const length = (range.to - range.from) / STRETCHES;
  for (const { time, x, y } of points) {
    const at = length > 0 ? Math.floor((time - range.from) / length) : 0;
    const stretch = stretches[Math.min(STRETCHES - 1, at)]!;
    stretch.n++;
    // Running means: sums of milliseconds since 1970 would lose digits.
    stretch.time += (time - stretch.time) / stretch.n;
    stretch.x += (x - stretch.x) / stretch.n;
    stretch.y += (y - stretch.y) / stretch.n;
  }
  return stretches.filter(({ n }) => n > 0).map(({ time, x, y }) => ({ time, x, y }));
}
