import pTimeout from "p-timeout";
import type { CacheLogger, CacheObserver, CacheTier, TierStats } from "./cache.ts";
import { MemoryTier } from "./memory.ts";
import { RedisTier } from "./redis.ts";

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

/** What the tiers need; the names are those of the configuration. */
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

/** Opens the tiers that are configured. Redis is connected to in the background. */
export function openAnswerCache<V extends object>(options: AnswerCacheOptions<V>): AnswerCache<V> {
  const { observe, logger, parse, redisUrl: url, cacheTtlSeconds: ttlSeconds } = options;
  const tiers: CacheTier<V>[] = [];
  if (options.cacheEntries > 0) {
    const { cacheEntries: entries, cacheBytes: bytes } = options;
    tiers.push(new MemoryTier<V>({ entries, bytes, ttlSeconds, observe }));
  }
  if (url !== undefined) tiers.push(new RedisTier<V>({ url, ttlSeconds, parse, observe, logger }));
  return new AnswerCache(tiers);
}

/** Keys that one caller looks up and computes in one go; others may wait for some of them. */
interface Flight<V> {
  /** Each key's index among those of the caller. */
  readonly keys: Map<string, number>;
  /** Aborts when nobody waits for it any more. */
  readonly abort: AbortController;
  /** How many callers wait for any of its keys. */
  waiting: number;
  isOver: boolean;
  /** What the tiers have, which is known before the rest. */
  found: Promise<ReadonlyMap<string, V>>;
  computed: Promise<ReadonlyMap<string, V>>;
}

type Outcome<V> = Resolved<V> | { readonly failure: unknown };

/**
 * Answers from its tiers where it can, and computes each missing key once, however many requests
 * want it at the same time.
 */
export class AnswerCache<V> {
  readonly #tiers: readonly CacheTier<V>[];
  /** The flight that each key is on now. */
  readonly #flights = new Map<string, Flight<V>>();

  /** @param tiers - the nearest first; without any, nothing is kept */
  constructor(tiers: readonly CacheTier<V>[]) {
    this.#tiers = tiers;
  }

  /**
   * The value of each key, in order.
   *
   * When a computation fails, its own caller gets the error. Those who only waited for it try the
   * key once more, because the error may be about something else in that caller's batch or about its
   * place in the queue; a second failure is theirs. So nobody sits through more than two failures.
   *
   * @throws the signal's reason when it aborts; values that others wait for are still computed
   * @throws what `compute` threw
   */
  async resolve(
    keys: readonly string[],
    compute: Compute<V>,
    signal: AbortSignal,
    keeping: Keeping<V> = {},
  ): Promise<Resolved<V>[]> {
    const tryAll = (indexes: readonly number[]) =>
      this.#try(indexes, keys, compute, signal, keeping);
    const outcomes = await tryAll([...keys.keys()]);
    const failed = [...keys.keys()].filter((index) => "failure" in outcomes[index]!);
    if (failed.length > 0) {
      const again = await tryAll(failed);
      failed.forEach((index, position) => (outcomes[index] = again[position]!));
    }
    return outcomes.map((outcome) => {
      if ("failure" in outcome) throw outcome.failure;
      return outcome;
    });
  }

  /** Starts a flight for the keys that are on none, and waits for all that the keys are on. */
  async #try(
    indexes: readonly number[],
    keys: readonly string[],
    compute: Compute<V>,
    signal: AbortSignal,
    keeping: Keeping<V>,
  ): Promise<Outcome<V>[]> {
    signal.throwIfAborted();
    const own: Flight<V> = {
      keys: new Map(),
      abort: new AbortController(),
      waiting: 0,
      isOver: false,
      found: Promise.resolve(new Map()),
      computed: Promise.resolve(new Map()),
    };
    const flights = indexes.map((index) => {
      const key = keys[index]!;
      const other = this.#flights.get(key);
      if (other) return other;
      own.keys.set(key, index);
      this.#flights.set(key, own);
      return own;
    });
    if (own.keys.size > 0) {
      own.found = this.#lookUp(own);
      own.computed = this.#compute(own, compute, keeping);
      // Everybody may have left when it fails.
      own.computed.catch(() => {});
    }

    const joined = new Set(flights);
    for (const flight of joined) flight.waiting += 1;
    const leave = () => {
      for (const flight of joined) this.#leave(flight);
      joined.clear();
    };
    const collect = async () => {
      await own.computed;
      const outcomes: Outcome<V>[] = [];
      for (const [position, index] of indexes.entries()) {
        const flight = flights[position]!;
        const isShared = flight !== own || own.keys.get(keys[index]!) !== index;
        outcomes.push(await outcomeOf(flight, keys[index]!, isShared));
      }
      return outcomes;
    };
    signal.addEventListener("abort", leave, { once: true });
    try {
      return await pTimeout(collect(), { milliseconds: Infinity, signal });
    } finally {
      signal.removeEventListener("abort", leave);
      leave();
    }
  }

  /** What the tiers have of a flight. What a far one has is kept in the nearer ones, its time anew. */
  async #lookUp(flight: Flight<V>): Promise<ReadonlyMap<string, V>> {
    const found = new Map<string, V>();
    for (const [depth, tier] of this.#tiers.entries()) {
      const missing = [...flight.keys.keys()].filter((key) => !found.has(key));
      if (missing.length === 0) break;
      const values = await tier.getMany(missing);
      const fresh = missing.flatMap((key, position) => {
        const value = values[position];
        return value === undefined ? [] : [[key, value] as const];
      });
      for (const [key, value] of fresh) found.set(key, value);
      for (const nearer of this.#tiers.slice(0, depth)) nearer.setMany(fresh);
    }
    this.#end(flight, found.keys());
    return found;
  }

  async #compute(
    flight: Flight<V>,
    compute: Compute<V>,
    { ttlSeconds, keep = () => true }: Keeping<V>,
  ): Promise<ReadonlyMap<string, V>> {
    try {
      const found = await flight.found;
      const missing = [...flight.keys].filter(([key]) => !found.has(key));
      if (missing.length === 0) return new Map();
      const { signal } = flight.abort;
      signal.throwIfAborted();
      const indexes = missing.map(([, index]) => index);
      const values = await compute(indexes, signal);
      if (values.length !== missing.length) {
        throw new Error(`${missing.length} values were asked for, ${values.length} came`);
      }
      const entries = missing.map(([key], position) => [key, values[position]!] as const);
      // Stored before the flight ends: who asks a moment later must find one or the other.
      const kept = entries.filter(([, value]) => keep(value));
      for (const tier of this.#tiers) tier.setMany(kept, ttlSeconds);
      return new Map(entries);
    } finally {
      flight.isOver = true;
      this.#end(flight, flight.keys.keys());
    }
  }

  /** When the last caller leaves, what is still computed is not wanted. */
  #leave(flight: Flight<V>): void {
    flight.waiting -= 1;
    if (flight.waiting > 0 || flight.isOver) return;
    // First out of the table: whoever asks from now on must not join what is being aborted.
    this.#end(flight, flight.keys.keys());
    flight.abort.abort(new DOMException("nobody waits for these answers any more", "AbortError"));
  }

  #end(flight: Flight<V>, keys: Iterable<string>): void {
    for (const key of keys) {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    }
  }

  /** How full the tiers are; a tier that does not answer is left out. */
  async stats(): Promise<TierStats[]> {
    const stats = await Promise.all(this.#tiers.map((tier) => tier.stats()));
    return stats.flatMap((one) => one ?? []);
  }

  /** Closes the tiers; computations in flight go on without them. */
  async close(): Promise<void> {
    await Promise.all(this.#tiers.map((tier) => tier.close()));
  }
}

async function outcomeOf<V>(
  flight: Flight<V>,
  key: string,
  isShared: boolean,
): Promise<Outcome<V>> {
  try {
    const found = (await flight.found).get(key);
    if (found !== undefined) return { value: found, cached: true };
    return { value: (await flight.computed).get(key)!, cached: isShared };
  } catch (failure) {
    return { failure };
  }
}
