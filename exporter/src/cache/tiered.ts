import type { CacheTier, TierStats } from "./cache.ts";

/**
 * One tier in front of another: what the first does not have is looked up in the second and then
 * kept in the first, where its time to live starts again. Values are written to both.
 */
export class TieredCache<V> implements CacheTier<V> {
  readonly #near: CacheTier<V>;
  readonly #far: CacheTier<V>;

  constructor(near: CacheTier<V>, far: CacheTier<V>) {
    this.#near = near;
    this.#far = far;
  }

  async getMany(keys: readonly string[]): Promise<(V | undefined)[]> {
    const values = await this.#near.getMany(keys);
    const missing = [...keys.keys()].filter((index) => values[index] === undefined);
    if (missing.length === 0) return values;

    const found = await this.#far.getMany(missing.map((index) => keys[index]!));
    const fresh: [string, V][] = [];
    missing.forEach((index, position) => {
      const value = found[position];
      if (value === undefined) return;
      values[index] = value;
      fresh.push([keys[index]!, value]);
    });
    this.#near.setMany(fresh);
    return values;
  }

  setMany(entries: readonly (readonly [string, V])[], ttlSeconds?: number): void {
    this.#near.setMany(entries, ttlSeconds);
    this.#far.setMany(entries, ttlSeconds);
  }

  async stats(): Promise<TierStats[]> {
    return (await Promise.all([this.#near.stats(), this.#far.stats()])).flat();
  }

  async close(): Promise<void> {
    await Promise.all([this.#near.close(), this.#far.close()]);
  }
}
