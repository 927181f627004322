import type { CacheTier, TierStats } from "./cache.ts";

/** Keeps nothing: used when all caching is switched off, so that single flight still works. */
export class NoTier<V> implements CacheTier<V> {
  async getMany(keys: readonly string[]): Promise<undefined[]> {
    return keys.map(() => undefined);
  }

  setMany(): void {}

  async stats(): Promise<TierStats[]> {
    return [];
  }

  async close(): Promise<void> {}
}
