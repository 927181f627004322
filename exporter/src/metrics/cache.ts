import type { CacheObserver, TierStats } from "../cache/cache.ts";
import { counter, readGauge, type Registry } from "./prometheus.ts";

const TIERS = ["memory", "redis"] as const;

/** The caches, by what they hold answers to. */
const CACHES = ["sentiment", "status"] as const;

/** See {@link CACHES}. */
export type CacheName = (typeof CACHES)[number];

/**
 * `headroom_cache_requests_total`, looked-up keys, and `headroom_cache_writes_total`, written ones, by tier and result;
 * one observer for each cache.
 */
export function cacheCounters(registry: Registry): Readonly<Record<CacheName, CacheObserver>> {
  const lookups = counter(registry, {
    name: "headroom_cache_requests_total",
    help: "Looked-up answers by cache tier; an error is a tier that did not answer in time.",
    labels: { cache: CACHES, tier: TIERS, result: ["hit", "miss", "error"] },
  });
  const writes = counter(registry, {
    name: "headroom_cache_writes_total",
    help: "Answers that were to be stored, by cache tier; one is dropped that the tier did not take.",
    labels: { cache: CACHES, tier: TIERS, result: ["stored", "dropped"] },
  });
  const observer =
    (cache: CacheName): CacheObserver =>
    (tier, result, count) => {
      const isWrite = result === "stored" || result === "dropped";
      (isWrite ? writes : lookups).inc({ cache, tier, result }, count);
    };
  return { sentiment: observer("sentiment"), status: observer("status") };
}

/** How full each cache is. */
export type CacheStats = Readonly<Record<CacheName, () => Promise<TierStats[]>>>;

/** The caches use one Redis, whose figures are those of the whole server. */
const SHARED = "shared";

/** `headroom_cache_entries` and `headroom_cache_bytes`, read at each scrape; a tier that is away has no value. */
export function cacheGauges(registry: Registry, stats: CacheStats): void {
  const gauge = (name: string, help: string, unit: "entries" | "bytes") =>
    readGauge(
      registry,
      {
        name,
        help: `${help} Redis, which the caches share, is counted once, as a whole.`,
        labels: ["cache", "tier"],
      },
      async () => {
        const all = CACHES.map(async (cache) =>
          (await stats[cache]()).map(
            ({ tier, ...held }) =>
              [{ cache: tier === "redis" ? SHARED : cache, tier }, held[unit]] as const,
          ),
        );
        return (await Promise.all(all)).flat();
      },
    );
  gauge("headroom_cache_entries", "Answers that a cache tier holds.", "entries");
  gauge("headroom_cache_bytes", "Memory that a cache tier takes.", "bytes");
}
