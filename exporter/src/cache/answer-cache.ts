import type { CacheTier } from "./cache.ts";
import { SingleFlight } from "./single-flight.ts";

/** An answer, and whether the model was spared. */
export interface Resolved<V> {
  readonly value: V;
  /** The value was in a cache, or another message's computation gave it. */
  readonly cached: boolean;
}

/**
 * Computes the values of the keys at `indexes`, in their order. `signal` aborts when nobody waits
 * for them any more; use it, not the request's own, because other requests may share the work.
 */
export type Compute<V> = (indexes: readonly number[], signal: AbortSignal) => Promise<readonly V[]>;

/** Which values are stored, and for how long. */
export interface Keeping<V> {
  /** Seconds; the cache's own time when absent. */
  readonly ttlSeconds?: number;
  /** Whether a value is stored; all are when absent. */
  readonly keep?: (value: V) => boolean;
}

/** Answers from the cache where it can, and computes each missing key once. */
export class AnswerCache<V> {
  readonly #tier: CacheTier<V>;
  readonly #flights = new SingleFlight<Resolved<V>>();

  constructor(tier: CacheTier<V>) {
    this.#tier = tier;
  }

  /**
   * The value of each key, in order. A key that stands twice, or that another request is computing
   * right now, is computed once.
   *
   * @throws the signal's reason when it aborts
   * @throws what `compute` threw
   */
  async resolve(
    keys: readonly string[],
    compute: Compute<V>,
    signal: AbortSignal,
    { ttlSeconds, keep = () => true }: Keeping<V> = {},
  ): Promise<Resolved<V>[]> {
    const results = await this.#flights.run(
      keys,
      async (indexes, settle, shared) => {
        const missing = await this.#lookUp(keys, indexes, settle);
        if (missing.length === 0) return;
        shared.throwIfAborted();
        const values = await compute(missing, shared);
        if (values.length !== missing.length) {
          throw new Error(`${missing.length} values were asked for, ${values.length} came`);
        }
        // Stored before it is settled: who asks a moment later must find one or the other.
        const entries = missing.map(
          (index, position) => [keys[index]!, values[position]!] as const,
        );
        this.#tier.setMany(
          entries.filter(([, value]) => keep(value)),
          ttlSeconds,
        );
        missing.forEach((index, position) =>
          settle(index, { value: values[position]!, cached: false }),
        );
      },
      signal,
    );
    return results.map(({ value, shared }) => (shared ? { ...value, cached: true } : value));
  }

  /** Settles what the cache has; returns the indexes of the rest. */
  async #lookUp(
    keys: readonly string[],
    indexes: readonly number[],
    settle: (index: number, value: Resolved<V>) => void,
  ): Promise<number[]> {
    const found = await this.#tier.getMany(indexes.map((index) => keys[index]!));
    return indexes.filter((index, position) => {
      const value = found[position];
      if (value === undefined) return true;
      settle(index, { value, cached: true });
      return false;
    });
  }

  /** See {@link CacheTier.stats}. */
  stats(): ReturnType<CacheTier<V>["stats"]> {
    return this.#tier.stats();
  }

  /** Closes the tiers; computations in flight go on without them. */
  close(): Promise<void> {
    return this.#tier.close();
  }
}
