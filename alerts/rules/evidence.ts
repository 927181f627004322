/**
 * How much must have happened within the window before a statistic is believed. With less there is
 * no value, in the recorded series and in whatever is drawn from them: while a window drains, a ratio
 * would go to the share of the last few requests, and stay there.
 */
export const EVIDENCE = {
  /**
   * Requests. Five are few for a P95, but `for` outlasts the window (see pace.ts), so what fires is
   * at least one bad request in five, again and again. More would hide an outage in light use.
   */
  requests: 5,
  /**
   * Requests to stream. Each takes seconds to minutes, and one person's model server gets a few in a
   * minute: more than two would leave it without a value. One alone is none, and what fires is again at
   * least one bad request in each window.
   */
  streams: 2,
  /**
   * Messages with a defined attribution. Entropy of single messages spreads with a standard
   * deviation of about 0.6 nats; the mean of 30 is then known to about 0.1, a tenth of the distance
   * from a healthy mean to the nearer edge of the band.
   */
  messages: 30,
} as const;
