/** A moving estimate of how many requests arrive each second. */
export interface ArrivalRate {
  /** @param now - when a request arrived, in seconds on any steady clock */
  record(now: number): void;
  /** Zero until two requests have arrived. */
  perSecond(): number;
}

/** Weight of the newest interval: the estimate follows a change within some ten requests. */
const NEWEST = 0.1;

/** Estimates by an exponentially weighted mean of the intervals between arrivals. */
export function arrivalRate(): ArrivalRate {
  let last: number | undefined;
  let interval = Number.POSITIVE_INFINITY;
  return {
    record(now) {
      if (last !== undefined) {
        const newest = now - last;
        interval = Number.isFinite(interval) ? NEWEST * newest + (1 - NEWEST) * interval : newest;
      }
      last = now;
    },
    perSecond: () => 1 / interval,
  };
}
