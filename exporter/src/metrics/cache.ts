import type { CacheObserver, TierStats } from "../cache/cache.ts";
import { Counter, Gauge, type Registry } from "./prometheus.ts";

const TIERS = ["memory", "redis"] as const;
const LOOKUP_RESULTS = ["hit", "miss", "error"] as const;
const WRITE_RESULTS = ["stored", "dropped"] as const;

/** The caches, by what they hold answers to. */
export const CACHES = ["sentiment", "status"] as const;

/** See {@link CACHES}. */
export type CacheName = (typeof CACHES)[number];

/**
 * `cache_requests_total`, looked-up keys, and `cache_writes_total`, written ones, by tier and result;
 * one observer for each cache.
 */
export function cacheCounters(registry: Registry): Readonly<Record<CacheName, CacheObserver>> {
  const labelNames = ["cache", "tier", "result"] as const;
  const lookups = new Counter({
    name: "cache_requests_total",
    help: "Looked-up answers by cache tier; an error is a tier that did not answer in time.",
    labelNames,
    registers: [registry],
  });
  const writes = new Counter({
    name: "cache_writes_total",
    help: "Answers that were to be stored, by cache tier; one is dropped that the tier did not take.",
    labelNames,
    registers: [registry],
  });
  const observer = (cache: CacheName): CacheObserver => {
    for (const tier of TIERS) {
      for (const result of LOOKUP_RESULTS) lookups.inc({ cache, tier, result }, 0);
      for (const result of WRITE_RESULTS) writes.inc({ cache, tier, result }, 0);
    }
    return (tier, result, count) => {
      const isWrite = result === "stored" || result === "dropped";
      (isWrite ? writes : lookups).inc({ cache, tier, result }, count);
    };
  };
  return { sentiment: observer("sentiment"), status: observer("status") };
}

/** How full each cache is. */
export type CacheStats = Readonly<Record<CacheName, () => Promise<TierStats[]>>>;

/** The caches use one Redis, whose figures are those of the whole server. */
const SHARED = "shared";

/** `cache_entries` and `cache_bytes`, read at each scrape; a tier that is away has no value. */
export function cacheGauges(registry: Registry, stats: CacheStats): void {
  const gauge = (name: string, help: string, figure: "entries" | "bytes") =>
    new Gauge({
      name,
      help: `${help} Redis, which the caches share, is counted once, as a whole.`,
      labelNames: ["cache", "tier"],
      registers: [registry],
      async collect() {
        const all = await Promise.all(
          CACHES.map(async (cache) => ({ cache, tiers: await stats[cache]() })),
        );
        this.reset();
        for (const { cache, tiers } of all) {
          for (const { tier, ...figures } of tiers) {
            this.set({ cache: tier === "redis" ? SHARED : cache, tier }, figures[figure]);
          }
        }
      },
    });
  gauge("cache_entries", "Answers that a cache tier holds.", "entries");
  gauge("cache_bytes", "Memory that a cache tier takes.", "bytes");
}
