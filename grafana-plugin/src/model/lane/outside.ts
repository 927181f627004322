import type { Severity } from "../limit.ts";

/** A stretch of time in which the values were outside their limits; times in milliseconds. */
export interface Breach {
  readonly start: number;
  readonly end: number;
  /** The worst limit that was broken in it. */
  readonly severity: Severity;
}

/** When, and for how long, a series was outside its limits. Milliseconds. */
export interface Outside {
  readonly breaches: readonly Breach[];
  readonly total: number;
  readonly longest: number;
  /** Share of the time that is covered by values; NaN when none is. */
  readonly share: number;
}
