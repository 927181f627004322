import type { Limit } from "../limit.ts";

/** Where the trend leads. */
export interface Forecast {
  /** The limit that is reached first among those not yet broken. */
  readonly limit: Limit;
  /** When, in milliseconds since 1970. */
  readonly time: number;
  /** Milliseconds from the last value to `time`. */
  readonly inMs: number;
  /** Change of the value each millisecond. */
  readonly slope: number;
}
