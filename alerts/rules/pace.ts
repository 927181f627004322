import type { Severity } from "../limits.ts";

/** How quickly the rules react; a drill on one machine uses shorter times than an operator. */
export interface Pace {
  /** Seconds over which rates, means and quantiles look back; at least four scrape intervals. */
  readonly windowSeconds: number;
  /** Seconds that a broken limit must last beyond what its measure remembers. */
  readonly patienceSeconds: Readonly<Record<Severity, number>>;
  /** Seconds for which an incidents process that came back still counts as down. */
  readonly returnSeconds: number;
}

/**
 * The committed pace. One minute holds twelve scrapes of 5 s, enough for a steady quantile, and
 * lets an alert resolve a minute after the trouble ends. Thirty seconds are six scrapes: a restart
 * or one garbage collection passes. A warning may wait twice as long, since nobody is woken by it.
 * The process that keeps the incidents can only hear of its own failure after it came back:
 * Alertmanager tries again every 30 s at the latest, and a minute holds two such tries.
 */
export const PACE: Pace = {
  windowSeconds: 60,
  patienceSeconds: { warning: 60, critical: 30 },
  returnSeconds: 60,
};

/**
 * The times of a forecast, in windows of the pace, so that a drill shortens them too; at the committed
 * pace the trend of 1 h foretells 4 h. Further than four times its history a trend says little. The
 * last quarter of the history must show the same trend: a step, such as a model that was loaded,
 * tilts the trend of the whole history for an hour, but of its last quarter for 15 minutes only.
 */
export const FORECAST_WINDOWS = { horizon: 240, history: 60, recent: 15 } as const;

/**
 * How long nobody asks before it is worth a notice, in windows of the pace: 30 min at the committed
 * one. Shorter breaks are ordinary, and a client that lost its address is found within the hour.
 */
export const IDLE_WINDOWS = 30;

/**
 * How far starts of the exporter are counted back, in windows of the pace: 15 min at the committed
 * one. Kubernetes waits up to 5 min between two starts of a container that keeps ending, so two of
 * them lie within it.
 */
export const RESTART_WINDOWS = 15;

/**
 * The `for` of an alert.
 *
 * A windowed measure still shows an event for a whole window after it ended. Its alerts wait for
 * longer than that, so one burst can never fire: the trouble must come back or go on.
 *
 * @param measure - "window" for rates, means and quantiles; "now" for gauges read as they are
 */
export function holdFor(pace: Pace, severity: Severity, measure: "window" | "now"): string {
  const remembered = measure === "window" ? pace.windowSeconds : 0;
  return duration(remembered + pace.patienceSeconds[severity]);
}

/**
 * Seconds as the shortest Prometheus duration: 90 is "90s", 120 is "2m".
 *
 * @throws RangeError when `seconds` is not a positive whole number
 */
export function duration(seconds: number): string {
  if (!Number.isInteger(seconds) || seconds <= 0) {
    throw new RangeError(`a duration must be a positive whole number of seconds, got ${seconds}`);
  }
  for (const [unit, size] of [
    ["h", 3600],
    ["m", 60],
  ] as const) {
    if (seconds % size === 0) return `${seconds / size}${unit}`;
  }
  return `${seconds}s`;
}
