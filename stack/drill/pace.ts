import type { Pace } from "@headroom/alerts/rules/pace";
import { FORECAST_WINDOWS, IDLE_WINDOWS, RESTART_WINDOWS } from "@headroom/alerts/rules/pace";

/** Between two scrapes and between two evaluations of a drill. */
export const DRILL_INTERVAL_SECONDS = 0.5;

/**
 * The rules of a drill are the committed ones at this pace: windows of four scrapes, as short as a
 * rate allows. Even critical alerts wait for 8 s: Prometheus knows its targets only 5 s after its own
 * start, and most faults are a restart of the exporter, neither of which may count as an exporter that
 * is down. Alertmanager tries at least every 6 s to reach an incidents process that was away, since its
 * pauses grow by half from 0.5 s on and start again after 10 s.
 */
export const DRILL_PACE: Pace = {
  windowSeconds: 4 * DRILL_INTERVAL_SECONDS,
  patienceSeconds: { warning: 9, critical: 8 },
  returnSeconds: 8,
};

/** The history that a forecast looks back on, in seconds. */
export const HISTORY_SECONDS = FORECAST_WINDOWS.history * DRILL_PACE.windowSeconds;

/** The time without a request after which there is no traffic, in seconds. */
export const IDLE_SECONDS = IDLE_WINDOWS * DRILL_PACE.windowSeconds;

/** How far starts are counted back, in seconds. */
export const RESTART_SECONDS = RESTART_WINDOWS * DRILL_PACE.windowSeconds;
