import { headroom, isBroken } from "@headroom/alerts/headroom";
import type { Limit } from "../limit.ts";
import type { Advice, LaneAlert } from "./alert.ts";
import type { Forecast } from "./forecast.ts";
import type { Outside } from "./outside.ts";

/** How a series can stand towards its limits, the worst first. */
export const LANE_STATES = [
  /** Beyond a critical limit. */
  "critical",
  /** Beyond a warning limit. */
  "warning",
  /** Inside, with less headroom than the option `nearRatio`. */
  "near",
  /** Inside again, and outside a short while ago. */
  "recovering",
  "ok",
  /** There are values but no limit. */
  "no-limit",
  /** No value for longer than the usual gap between values: the series has ended. */
  "stale",
  /** There is no value at all. */
  "no-data",
] as const;

/** How a series stands towards its limits. */
export type LaneState = (typeof LANE_STATES)[number];

/** A value and when it was measured, in milliseconds since 1970. */
export interface Sample {
  readonly time: number;
  readonly value: number;
}

/** One series and everything that is known about its distance to its limits. */
export interface Lane {
  readonly id: string;
  readonly name: string;
  readonly times: readonly number[];
  readonly values: readonly (number | null)[];
  /** Warning before critical; empty when none is known. */
  readonly limits: readonly Limit[];
  /** Usual milliseconds between values; NaN when there are fewer than two. */
  readonly interval: number;
  /** The last value. */
  readonly current: Sample | undefined;
  /**
   * The smallest headroom of all limits as a share: 1 untouched, 0 at the limit, negative beyond.
   * NaN when there is no value or no limit, or when it is not defined, as beyond a limit of zero.
   */
  readonly headroom: number;
  readonly state: LaneState;
  readonly outside: Outside;
  /** Only when the trend is significant and leads to a limit, and the values are recent. */
  readonly forecast: Forecast | undefined;
  /** The alert about its limits that matters most, if any is pending or fires. */
  readonly alert: LaneAlert | undefined;
  /** What to do, while it is outside or has an alert. */
  readonly advice: Advice | undefined;
}

/** The last value that is there, and its time. */
export function lastSample(
  times: readonly number[],
  values: readonly (number | null)[],
): Sample | undefined {
  for (let i = times.length - 1; i >= 0; i--) {
    const value = values[i];
    if (typeof value === "number" && Number.isFinite(value)) return { time: times[i]!, value };
  }
  return undefined;
}

/** The smallest headroom of several limits, and the limit it belongs to. */
interface Nearest {
  /** A share, as in {@link headroom}; NaN when no limit has one. */
  readonly headroom: number;
  readonly limit: Limit | undefined;
}

/** The limit with the smallest headroom; of equal ones the first. */
export function nearestLimit(limits: readonly Limit[], value: number): Nearest {
  let nearest: Nearest = { headroom: Number.NaN, limit: undefined };
  for (const limit of limits) {
    const left = headroom(limit, value);
    if (Number.isNaN(left) || left >= nearest.headroom) continue;
    nearest = { headroom: left, limit };
  }
  return nearest;
}

/**
 * The worst limit that `value` breaks: a critical one before a warning, and of equal severity the
 * first.
 */
export function worstBroken(limits: readonly Limit[], value: number): Limit | undefined {
  let worst: Limit | undefined;
  for (const limit of limits) {
    if (worst !== undefined && limit.severity !== "critical") continue;
    if (!isBroken(limit, value)) continue;
    if (limit.severity === "critical") return limit;
    worst = limit;
  }
  return worst;
}

/** The limit that a value is spoken of with: the worst that it breaks, else the nearest; undefined without one. */
export function limitInQuestion(limits: readonly Limit[], value: number): Limit | undefined {
  return worstBroken(limits, value) ?? nearestLimit(limits, value).limit;
}
