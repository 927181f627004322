import type { LookupObserver, TierStats } from "../cache/cache.ts";
import { Counter, Gauge, type Registry } from "./prometheus.ts";

const TIERS = ["memory", "redis"] as const;
const RESULTS = ["hit", "miss", "error"] as const;

/** `cache_requests_total`: looked-up keys by tier and result. */
export function cacheLookups(registry: Registry): LookupObserver {
  const total = new Counter({
    name: "cache_requests_total",
    help: "Looked-up answers by cache tier; an error is a tier that did not answer in time.",
    labelNames: ["cache", "tier", "result"],
    registers: [registry],
  });
  for (const tier of TIERS) {
    for (const result of RESULTS) total.inc({ cache: "sentiment", tier, result }, 0);
  }
  return (tier, result, count) => total.inc({ cache: "sentiment", tier, result }, count);
}

/** `cache_entries` and `cache_bytes`, read at each scrape; a tier that is away has no value. */
export function cacheGauges(registry: Registry, stats: () => Promise<TierStats[]>): void {
  const gauge = (name: string, help: string, figure: "entries" | "bytes") =>
    new Gauge({
      name,
      help,
      labelNames: ["cache", "tier"],
      registers: [registry],
      async collect() {
        const tiers = await stats();
        this.reset();
        for (const tier of tiers) this.set({ cache: "sentiment", tier: tier.tier }, tier[figure]);
      },
    });
  gauge("cache_entries", "Answers that a cache tier holds.", "entries");
  gauge("cache_bytes", "Memory that a cache tier takes.", "bytes");
}
