import type { Limit } from "../limit.ts";
import { type Advice, adviceFor, type LaneAlert, worstAlert } from "./alert.ts";
import { forecast } from "./forecast.ts";
import { isStale, medianInterval } from "./interval.ts";
import { type Lane, lastSample, nearestLimit, worstBroken } from "./lane.ts";
import { outside } from "./outside.ts";
import { laneState, type StateOptions } from "./state.ts";

/** One series with its limits. */
export interface LaneInput {
  /** The same in every refresh. */
  readonly id: string;
  readonly name: string;
  /** Milliseconds since 1970, ascending, each once. */
  readonly times: readonly number[];
  /** As many as `times`; null where there is no value. */
  readonly values: readonly (number | null)[];
  /** Warning before critical. */
  readonly limits: readonly Limit[];
  /** The alerts about its limits whose condition holds; none when left out. */
  readonly alerts?: readonly LaneAlert[];
  /** What to do about its limits. */
  readonly advice?: readonly Advice[];
}

/** The visible range, when now is, and what the panel's options say about lanes. */
export interface LaneOptions extends StateOptions {
  readonly showForecast: boolean;
}

/**
 * Everything that is known about a series' distance to its limits. The result depends on nothing
 * else than the arguments.
 */
export function buildLane(input: LaneInput, options: LaneOptions): Lane {
  const { id, name, times, values, limits, alerts = [], advice = [] } = input;
  const { from, to, now = to } = options;
  const interval = medianInterval(times, values);
  const current = lastSample(times, values);
  const stale = current !== undefined && isStale(current.time, interval, now);
  const { headroom } = nearestLimit(limits, current?.value ?? Number.NaN);
  const time = outside(times, values, limits, { from, to, interval });
  const seen = { current, stale, limits, headroom, outside: time };
  const alert = worstAlert(alerts);
  const broken = stale || !current ? undefined : worstBroken(limits, current.value)?.severity;
  const isForecast = options.showForecast && !stale && limits.length > 0;
  return {
    id,
    name,
    times,
    values,
    limits,
    interval,
    current,
    headroom,
    state: laneState(seen, options),
    outside: time,
    forecast: isForecast ? forecast(times, values, limits, now) : undefined,
    alert,
    advice: adviceFor(advice, alert, broken),
  };
}
