import type { LookupObserver, TierStats } from "../cache/cache.ts";
import { Counter, Gauge, type Registry } from "./prometheus.ts";

const TIERS = ["memory", "redis"] as const;
const RESULTS = ["hit", "miss", "error"] as const;

/** The caches, by what they hold answers to. */
export const CACHES = ["sentiment", "status"] as const;

/** See {@link CACHES}. */
export type CacheName = (typeof CACHES)[number];

/** `cache_requests_total`: looked-up keys by tier and result; one observer for each cache. */
export function cacheLookups(registry: Registry): Readonly<Record<CacheName, LookupObserver>> {
  const total = new Counter({
    name: "cache_requests_total",
    help: "Looked-up answers by cache tier; an error is a tier that did not answer in time.",
    labelNames: ["cache", "tier", "result"],
    registers: [registry],
  });
  const observer = (cache: CacheName): LookupObserver => {
    for (const tier of TIERS) {
      for (const result of RESULTS) total.inc({ cache, tier, result }, 0);
    }
    return (tier, result, count) => total.inc({ cache, tier, result }, count);
  };
  return { sentiment: observer("sentiment"), status: observer("status") };
}

/** How full each cache is. */
export type CacheStats = Readonly<Record<CacheName, () => Promise<TierStats[]>>>;

/** `cache_entries` and `cache_bytes`, read at each scrape; a tier that is away has no value. */
export function cacheGauges(registry: Registry, stats: CacheStats): void {
  const gauge = (name: string, help: string, figure: "entries" | "bytes") =>
    new Gauge({
      name,
      help,
      labelNames: ["cache", "tier"],
      registers: [registry],
      async collect() {
        const all = await Promise.all(
          CACHES.map(async (cache) => ({ cache, tiers: await stats[cache]() })),
        );
        this.reset();
        for (const { cache, tiers } of all) {
          for (const tier of tiers) this.set({ cache, tier: tier.tier }, tier[figure]);
        }
      },
    });
  gauge("cache_entries", "Answers that a cache tier holds.", "entries");
  gauge("cache_bytes", "Memory that a cache tier takes.", "bytes");
}
