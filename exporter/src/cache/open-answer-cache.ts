import { AnswerCache } from "./answer-cache.ts";
import type { CacheLogger, CacheTier, CacheObserver } from "./cache.ts";
import { MemoryTier } from "./memory.ts";
import { NoTier } from "./no-tier.ts";
import { RedisTier } from "./redis.ts";
import { TieredCache } from "./tiered.ts";

/** What the tiers need; the names of the figures are those of the configuration. */
export interface AnswerCacheOptions<V> {
  /** Most answers in memory; 0 leaves the memory tier out. */
  readonly cacheEntries: number;
  readonly cacheBytes: number;
  readonly cacheTtlSeconds: number;
  /** Leaves the Redis tier out when undefined. */
  readonly redisUrl: string | undefined;
  /** Checks the shape of what Redis gives. @throws when it is not a V */
  readonly parse: (value: unknown) => V;
  readonly observe: CacheObserver;
  readonly logger: CacheLogger;
}

/** Puts the tiers that are configured together. Redis is connected to in the background. */
export function openAnswerCache<V extends object>(options: AnswerCacheOptions<V>): AnswerCache<V> {
  const { observe, logger, parse, redisUrl: url, cacheTtlSeconds: ttlSeconds } = options;
  const tiers: CacheTier<V>[] = [];
  if (options.cacheEntries > 0) {
    const { cacheEntries: entries, cacheBytes: bytes } = options;
    tiers.push(new MemoryTier<V>({ entries, bytes, ttlSeconds, observe }));
  }
  if (url !== undefined) tiers.push(new RedisTier<V>({ url, ttlSeconds, parse, observe, logger }));
  const [near = new NoTier<V>(), far] = tiers;
  return new AnswerCache(far ? new TieredCache(near, far) : near);
}
