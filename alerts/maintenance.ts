import { FORECAST_RISE_RATIO } from "./limits.ts";

/**
 * What `npm run check` compares with beside the limits. These do not alert and are no part of
 * `headroom_limit`.
 */
export const MAINTENANCE_LIMITS = {
  // Modified z-score from which a value is an outlier. Source: Iglewicz and Hoaglin, "How to detect
  // and handle outliers" (1993), who recommend 3.5.
  robustZ: 3.5,
  // Our choice: a value within a tenth of the median is ordinary, however little the past has varied.
  leastAnomaly: 0.1,
  // Our choice: load runs on the same machine vary by 15 to 25 %; more than that is a change.
  weeklyChange: 0.25,
  // Changes smaller than this share of a measure's limit are too far from it to matter. Our choice,
  // as large as the rise of the memory that a forecast follows.
  leastOfLimit: FORECAST_RISE_RATIO,
  // Our choice: a day holds every hour once; below that, the past says nothing about a night.
  historyHours: 24,
  // Our choice: no trend is read from less than an hour, in which a load run may start and end.
  trendHours: 1,
  // Share of messages whose attribution lies within its limit. Our choice; measured with the
  // embedded model under load: 0.97 of the entropies, and every sparsity.
  attributionInRange: 0.8,
  // Share of messages without a defined attribution. Our choice; measured with the embedded model
  // under load: 0.002.
  attributionUndefined: 0.1,
  // Our choice: the weekly check renews the baseline, and a month without that is too long.
  baselineDays: 31,
  // Share of a bound from which it is as good as reached: readings miss the moments between them.
  nearBound: 0.9,
  // Our choice: a machine that never uses a tenth of the memory it is measured by is sized too large.
  littleUsed: 0.1,
  // Our choice: below one hit in a hundred, a cache costs more memory than it saves time.
  leastHitRatio: 0.01,
  // Messages. A mean below two says that most are computed alone, which costs the most for each.
  smallBatch: 2,
} as const;
