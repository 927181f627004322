import type { Field, LinkModel } from "@grafana/data";
import type { Lane } from "../../../model/lane/lane.ts";
import { GAP_INTERVALS } from "../../../model/lane/outside.ts";
import type { LimitedSeries } from "../../limited-series.ts";

/** The sample of a lane that is nearest to a moment: its index, or -1 when there is no value. */
export function nearestSample(lane: Lane, time: number): number {
  const { times, values } = lane;
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! < time) low = middle + 1;
    else high = middle;
  }
  let before = low - 1;
  while (before >= 0 && values[before] === null) before--;
  let after = low;
  while (after < times.length && values[after] === null) after++;
  if (before < 0) return after < times.length ? after : -1;
  if (after >= times.length) return before;
  return time - times[before]! <= times[after]! - time ? before : after;
}

/**
 * The sample that says what a lane was at a moment: its index, or -1 when there is none near enough.
 * A value that has ended is not that of a later moment.
 */
export function sampleAt(lane: Lane, time: number): number {
  const index = nearestSample(lane, time);
  const apart = Math.abs(time - (lane.times[index] ?? time));
  return apart > GAP_INTERVALS * lane.interval ? -1 : index;
}

/** The data links of a lane's sample; none where a stored one is no link. */
export function linksOf({ series }: LimitedSeries, index: number): LinkModel<Field>[] {
  const row = series.rows[index];
  if (row === undefined) return [];
  try {
    return series.field.getLinks?.({ valueRowIndex: row }) ?? [];
  } catch {
    return [];
  }
}
