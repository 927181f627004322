import type { Limit } from "../limit.ts";
import { type LaneState, type Sample, worstBroken } from "./lane.ts";
import type { Outside } from "./outside.ts";

/** What the state of a lane follows from. */
export interface StateInput {
  /** The last value. */
  readonly current: Sample | undefined;
  /** Whether the last value is too old to tell how things stand. */
  readonly stale: boolean;
  readonly limits: readonly Limit[];
  /** The smallest headroom, as a share; may be NaN. */
  readonly headroom: number;
  readonly outside: Outside;
}

/** The visible range, the moment that is asked about, and what counts as near. */
export interface StateOptions {
  /** Start of the visible range, milliseconds. */
  readonly from: number;
  /** End of the visible range, milliseconds. */
  readonly to: number;
  /** The moment that is asked about: the end of the range unless that is still to come. */
  readonly now?: number;
  /** Headroom below which a lane is near its limit; a share. */
  readonly nearRatio: number;
}

/** A series that was outside within this last share of the range is recovering. */
export const RECOVERING_SHARE = 0.1;

/**
 * How a series stands towards its limits. An old value says nothing about now, so that stale comes
 * before everything that it would mean; of the others that apply, the worst.
 */
export function laneState(input: StateInput, options: StateOptions): LaneState {
  const { current, limits, outside } = input;
  if (current === undefined) return "no-data";
  if (input.stale) return "stale";
  if (limits.length === 0) return "no-limit";

  const broken = worstBroken(limits, current.value);
  if (broken !== undefined) return broken.severity;
  if (input.headroom < options.nearRatio) return "near";
  const wasOutside = outside.breaches.at(-1)?.end ?? -Infinity;
  const { from, to, now = to } = options;
  const recent = now - RECOVERING_SHARE * (to - from);
  return wasOutside >= recent ? "recovering" : "ok";
}
