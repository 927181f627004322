/** Prometheus answers at most 11,000 points a series. */
const MOST_POINTS = 11_000;

/** The time between two points of a query, and what follows from it. Milliseconds. */
export interface Step {
  readonly stepMs: number;
  /** What `$__rate_interval` stands for: never shorter than four scrapes. */
  readonly rateIntervalMs: number;
}

/**
 * The step of a range query, as Grafana's Prometheus data source has it.
 * Source of `$__rate_interval`: https://grafana.com/docs/grafana/latest/datasources/prometheus/template-variables/
 *
 * @param options.intervalMs what the panel's width asks for, not below its smallest interval
 * @param options.factor the query's `intervalFactor`
 */
export function stepOf(options: {
  readonly rangeMs: number;
  readonly intervalMs: number;
  readonly scrapeIntervalMs: number;
  readonly factor?: number | undefined;
}): Step {
  const { rangeMs, scrapeIntervalMs, factor = 1 } = options;
  const asked = options.intervalMs * Math.max(1, factor);
  const stepMs = Math.max(asked, Math.ceil(rangeMs / MOST_POINTS), 1);
  return {
    stepMs,
    rateIntervalMs: Math.max(stepMs + scrapeIntervalMs, 4 * scrapeIntervalMs),
  };
}

/** Start and end on multiples of the step, so that a refreshed graph does not jitter. Milliseconds. */
export function alignedRange(
  from: number,
  to: number,
  stepMs: number,
): { readonly start: number; readonly end: number } {
  return { start: Math.floor(from / stepMs) * stepMs, end: Math.floor(to / stepMs) * stepMs };
}

/** A duration as PromQL writes it, exact to the millisecond: `15s`, `1m`, `250ms`. */
export function promDuration(ms: number): string {
  const whole = Math.max(1, Math.round(ms));
  if (whole % 3_600_000 === 0) return `${whole / 3_600_000}h`;
  if (whole % 60_000 === 0) return `${whole / 60_000}m`;
  return whole % 1_000 === 0 ? `${whole / 1_000}s` : `${whole}ms`;
}
