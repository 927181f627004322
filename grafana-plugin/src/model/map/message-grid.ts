import type { Bound } from "../limit.ts";
import { sideOf } from "./side.ts";
import type { DensityCell, QualityMap } from "./quality-map.ts";

/** How many messages lie in a cell, by its upper edges; the last ones may be infinite. */
export interface CountedCell {
  readonly x: number;
  readonly y: number;
  readonly count: number;
}

/** Messages by two qualities at once. */
interface MessageGrid {
  /** Those with messages. */
  readonly cells: readonly DensityCell[];
  /** From the first edge to the last, whatever was counted: the axes stay where they are. */
  readonly extent: QualityMap["extent"];
  /** How many messages there are. */
  readonly messages: number;
  /** Share of them in cells that no limit forbids; NaN without messages, and without a limit. */
  readonly insideShare: number;
}

/**
 * The cells of a grid between their edges. A cell without end is drawn as wide as the one before it, and
 * counts as its middle: where an edge lies on each limit, it is inside or outside as a whole.
 *
 * @param limits - what is allowed on each axis
 */
export function messageGrid(
  counted: readonly CountedCell[],
  limits: { readonly x: readonly Bound[]; readonly y: readonly Bound[] },
): MessageGrid {
  const x = axisOf(counted.map((cell) => cell.x));
  const y = axisOf(counted.map((cell) => cell.y));
  let [messages, inside] = [0, 0];
  const merged = new Map<string, DensityCell>();
  for (const cell of counted) {
    if (cell.count <= 0) continue;
    const [left, right] = x.between(cell.x);
    const [bottom, top] = y.between(cell.y);
    const isOutside =
      limits.x.some((limit) => sideOf(limit, (left + right) / 2)) ||
      limits.y.some((limit) => sideOf(limit, (bottom + top) / 2));
    messages += cell.count;
    if (!isOutside) inside += cell.count;
    const key = `${cell.x} ${cell.y}`;
    merged.set(key, {
      ...{ x: left, y: bottom, width: right - left, height: top - bottom },
      count: cell.count + (merged.get(key)?.count ?? 0),
      recency: 1,
      inside: !isOutside,
    });
  }
  const isLimited = limits.x.length + limits.y.length > 0;
  return {
    cells: [...merged.values()],
    extent: { x: x.extent, y: y.extent },
    messages,
    insideShare: isLimited && messages > 0 ? inside / messages : Number.NaN,
  };
}

/** The edges of one axis, in their order. */
function axisOf(all: readonly number[]) {
  const edges = [...new Set(all)].sort((a, b) => a - b);
  const ends = edges.filter(Number.isFinite);
  const [first = 1, second = 2 * first] = ends;
  const last = ends.at(-1) ?? 1;
  const start = first > 0 ? 0 : first - Math.abs(second - first);
  const beyond = last + Math.abs(last - (ends.at(-2) ?? start));
  const upper = (edge: number) => (edge === Infinity ? beyond : edge);
  return {
    extent: [start, upper(edges.at(-1) ?? 1)] as const,
    between(edge: number): readonly [number, number] {
      const before = edges[edges.indexOf(edge) - 1];
      return [before ?? start, upper(edge)];
    },
  };
}
