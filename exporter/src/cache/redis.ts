import type { CacheLogger, CacheTier, CacheObserver, TierStats } from "./cache.ts";
import { LATE, within } from "./deadline.ts";
import { connectRedis, type RedisConnection } from "./redis-connection.ts";
import { RedisWriter } from "./redis-writer.ts";

/** How to reach Redis and what to make of its values. */
export interface RedisOptions<V> {
  /** redis:// or rediss:// address; it may hold a password. */
  readonly url: string;
  readonly ttlSeconds: number;
  /** Checks a value's shape. @throws when it is not a V */
  readonly parse: (value: unknown) => V;
  readonly observe: CacheObserver;
  readonly logger: CacheLogger;
}

/** A read that takes longer than this is a miss: computing the answer is as fast. */
const READ_MILLISECONDS = 40;

/** Writes in flight may take this long when the tier is closed. */
const CLOSE_MILLISECONDS = 500;

/** Values that several exporters share. Redis may be absent, die or freeze: that is a miss. */
export class RedisTier<V> implements CacheTier<V> {
  readonly #options: RedisOptions<V>;
  readonly #connection: RedisConnection;
  readonly #writer: RedisWriter;
  #late = 0;

  constructor(options: RedisOptions<V>) {
    this.#options = options;
    this.#connection = connectRedis(options.url, options.logger);
    this.#writer = new RedisWriter(this.#connection, (result, count) =>
      options.observe("redis", result, count),
    );
  }

  async getMany(keys: readonly string[]): Promise<(V | undefined)[]> {
    if (keys.length === 0) return [];
    const texts = await this.#ask(() => this.#connection.client.mGet([...keys]));
    if (texts === undefined) {
      this.#options.observe("redis", "error", keys.length);
      return keys.map(() => undefined);
    }
    const values = texts.map((text) => (text === null ? undefined : this.#read(text)));
    const hits = values.filter((value) => value !== undefined).length;
    if (hits > 0) this.#options.observe("redis", "hit", hits);
    if (hits < keys.length) this.#options.observe("redis", "miss", keys.length - hits);
    return values;
  }

  setMany(entries: readonly (readonly [string, V])[], ttlSeconds = this.#options.ttlSeconds): void {
    // A server that does not answer reads would only let writes pile up.
    if (this.#late === 0) this.#writer.write(entries, ttlSeconds);
    else this.#options.observe("redis", "dropped", entries.length);
  }

  /** Redis' own figures, of the whole server: keys in the database, and memory used. */
  async stats(): Promise<TierStats[]> {
    const { client } = this.#connection;
    const figures = await this.#ask(() => Promise.all([client.dbSize(), client.info("memory")]));
    if (figures === undefined) return [];
    const [entries, info] = figures;
    return [{ tier: "redis", entries, bytes: Number(/^used_memory:(\d+)/m.exec(info)?.[1] ?? 0) }];
  }

  async close(): Promise<void> {
    if (this.#connection.isReady()) await within(CLOSE_MILLISECONDS, this.#writer.idle());
    this.#connection.close();
  }

  /** Redis' reply; undefined when it is down, late, or says no. */
  async #ask<R>(send: () => Promise<R>): Promise<R | undefined> {
    // While a late reply is outstanding the next one would be late too: do not wait for it again.
    if (!this.#connection.isReady() || this.#late > 0) return undefined;
    try {
      const asked = send();
      const reply = await within(READ_MILLISECONDS, asked);
      if (reply !== LATE) return reply;
      this.#late += 1;
      const arrived = () => void (this.#late -= 1);
      asked.then(arrived, arrived);
      this.#connection.warnOnce("late", {}, `Redis did not answer in ${READ_MILLISECONDS} ms`);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#connection.warnOnce("read", { reason }, "Redis did not give answers");
    }
    return undefined;
  }

  #read(text: string): V | undefined {
    try {
      return this.#options.parse(JSON.parse(text));
    } catch {
      // Not logged with its reason, which may quote the value.
      const message = "Redis holds values of another shape: they are ignored and written anew";
      this.#connection.warnOnce("shape", {}, message);
      return undefined;
    }
  }
}
