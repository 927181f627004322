import { LRUCache } from "lru-cache";
import type { CacheTier, CacheObserver, TierStats } from "./cache.ts";
import { approximateBytes } from "./size.ts";

/** Bounds of the memory tier. */
export interface MemoryOptions {
  /** Most values kept, at least 1. */
  readonly entries: number;
  /** Most bytes kept, as estimated by {@link approximateBytes}. */
  readonly bytes: number;
  readonly ttlSeconds: number;
  readonly observe: CacheObserver;
  /** Milliseconds since some start above 0; only tests need another clock. */
  readonly clock?: () => number;
}

/** What an entry costs besides its value: the key, and its slots in the LRU's tables. */
const ENTRY_BYTES = 200;

/** The values used last, in this process. A value that is read is not copied: never change it. */
export class MemoryTier<V extends object> implements CacheTier<V> {
  readonly #values: LRUCache<string, V>;
  readonly #observe: CacheObserver;

  constructor(options: MemoryOptions) {
    this.#observe = options.observe;
    this.#values = new LRUCache({
      max: options.entries,
      maxSize: options.bytes,
      sizeCalculation: (value) => ENTRY_BYTES + approximateBytes(value),
      ttl: options.ttlSeconds * 1000,
      // The clock is cheaper than the timer that would otherwise hold its last reading.
      ttlResolution: 0,
      ...(options.clock && { perf: { now: options.clock } }),
    });
  }

  async getMany(keys: readonly string[]): Promise<(V | undefined)[]> {
    const values = keys.map((key) => this.#values.get(key));
    const missing = values.reduce((count, value) => count + (value === undefined ? 1 : 0), 0);
    if (missing < keys.length) this.#observe("memory", "hit", keys.length - missing);
    if (missing > 0) this.#observe("memory", "miss", missing);
    return values;
  }

  setMany(entries: readonly (readonly [string, V])[], ttlSeconds?: number): void {
    const options = ttlSeconds === undefined ? {} : { ttl: ttlSeconds * 1000 };
    let stored = 0;
    for (const [key, value] of entries) {
      this.#values.set(key, value, options);
      // A value that is larger than all bytes together is not kept.
      if (this.#values.has(key)) stored += 1;
    }
    if (stored > 0) this.#observe("memory", "stored", stored);
    if (stored < entries.length) this.#observe("memory", "dropped", entries.length - stored);
  }

  /** Expired values count until they are looked up or pushed out, because they do take memory. */
  async stats(): Promise<TierStats[]> {
    const { size, calculatedSize } = this.#values;
    return [{ tier: "memory", entries: size, bytes: calculatedSize }];
  }

  async close(): Promise<void> {
    this.#values.clear();
  }
}
