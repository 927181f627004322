/**
 * What a load run aims for. Goals are reported beside the limits but never alert: they describe
 * the reference load, not what is still acceptable.
 */
export const GOALS = {
  /** Messages answered each second, in batches of `batchSize`. */
  messagesPerSecond: 500,
  batchSize: 128,
  /** 95th percentile of a batch's time, in seconds. */
  batchP95Seconds: 0.055,
  /** Resident memory of the exporter, in bytes. */
  processMemoryBytes: 648e6,
  /** Mean time of a status answer over the reference mix, cached answers included, in seconds. */
  statusMeanSeconds: 0.793,
  /** Share of the status answers of the reference mix that come from the cache. */
  statusHitRatio: 0.417,
} as const;
