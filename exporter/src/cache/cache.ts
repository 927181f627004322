/** Where a cached value lies. */
type TierName = "memory" | "redis";

/**
 * What became of a lookup or a write; "error" means that the tier could not be asked, which is a miss
 * too, and "dropped" that it did not take a value.
 */
export type CacheResult = "hit" | "miss" | "error" | "stored" | "dropped";

/** Told about every lookup and every write: `count` keys had this result in this tier. */
export type CacheObserver = (tier: TierName, result: CacheResult, count: number) => void;

/** How full a tier is. */
export interface TierStats {
  readonly tier: TierName;
  /** In Redis the keys of the whole database, whoever wrote them; the bytes likewise. */
  readonly entries: number;
  readonly bytes: number;
}

/** Where a tier reports that its state changed; pino's loggers fit. */
export interface CacheLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** A cache of JSON values. All keys of a request are looked up in one call. */
export interface CacheTier<V> {
  /** The value of each key, undefined where there is none. Never rejects: a failure is a miss. */
  getMany(keys: readonly string[]): Promise<(V | undefined)[]>;
  /**
   * Stores values; a value that cannot be stored is dropped.
   *
   * @param ttlSeconds - how long they are kept; the tier's own time when absent
   */
  setMany(entries: readonly (readonly [key: string, value: V])[], ttlSeconds?: number): void;
  /** How full it is; undefined when it does not answer. */
  stats(): Promise<TierStats | undefined>;
  close(): Promise<void>;
}
