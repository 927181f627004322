import { totalmem } from "node:os";
import { type Limit, LIMITS, type Severity, statusLimit } from "@headroom/alerts/limits";
import {
  FORECAST_WINDOWS,
  IDLE_WINDOWS,
  type Pace,
  RESTART_WINDOWS,
} from "@headroom/alerts/rules/pace";

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

/** No share of a capacity is a limit in a drill: the machine may be as full as it likes. */
export const BYTES_ALONE: Readonly<Record<Severity, number>> = { warning: 1000, critical: 1000 };

/** All limits, with memory that no machine can reach: what else runs here is of no concern. */
export const WITHOUT_MEMORY = withMemory({ warning: 2 * totalmem(), critical: 3 * totalmem() });

/** All limits, with these of memory, in bytes. */
export function withMemory(bytes: Readonly<Record<Severity, number>>): readonly Limit[] {
  return LIMITS.map((limit) =>
    limit.id === "memory" ? { ...limit, bound: "upper", upper: bytes[limit.severity] } : limit,
  );
}

/** The limits of a drill, with another one of goodput. */
export const withGoodput = (lower: number) => (): readonly Limit[] =>
  WITHOUT_MEMORY.map((limit) =>
    limit.id === "goodput" ? { ...limit, bound: "lower", lower } : limit,
  );

/** The limits of a drill, with half the time for the most urgent status scenario. */
export function withHalfTheTime(): readonly Limit[] {
  const urgent = statusLimit("urgent-check");
  return WITHOUT_MEMORY.map((limit) =>
    limit.id === urgent.id ? { ...limit, bound: "upper", upper: urgent.upper / 2 } : limit,
  );
}
