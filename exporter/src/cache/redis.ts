import { inTime, LATE } from "../in-time.ts";
import type { CacheLogger, CacheObserver, CacheResult, CacheTier, TierStats } from "./cache.ts";
import { RedisConnection } from "./redis-connection.ts";

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

/** Few enough to leave room for reads in the client's command queue. */
const SETS_AT_ONCE = 32;

/** More than this is dropped: Redis does not keep up, and the answers are only copies. */
const MOST_WAITING = 4096;

/** A value that is to be written. */
interface Waiting<V> {
  readonly key: string;
  readonly value: V;
  /** How long it is kept. */
  readonly milliseconds: number;
}

/**
 * Values that several exporters share. Redis may be absent, die or freeze: that is a miss.
 *
 * Values are written in the background, some at a time, so that reads never wait behind many writes.
 * What Redis does not take is dropped and counted: after a failover the connection may lead to a
 * replica, which refuses to write (READONLY) and is left for the server that the address leads to by
 * then; a full server refuses too (OOM).
 */
export class RedisTier<V> implements CacheTier<V> {
  readonly #options: RedisOptions<V>;
  readonly #connection: RedisConnection;
  readonly #waiting: Waiting<V>[] = [];
  #writing: Promise<void> | undefined;
  /** Replies that did not come in time and are still to come. */
  #late = 0;

  constructor(options: RedisOptions<V>) {
    this.#options = options;
    this.#connection = new RedisConnection(options.url, options.logger);
  }

  async getMany(keys: readonly string[]): Promise<(V | undefined)[]> {
    if (keys.length === 0) return [];
    const texts = await this.#ask(() => this.#connection.client.mGet([...keys]));
    if (texts === undefined) {
      this.#observe("error", keys.length);
      return keys.map(() => undefined);
    }
    const values = texts.map((text) => (text === null ? undefined : this.#read(text)));
    const hits = values.filter((value) => value !== undefined).length;
    this.#observe("hit", hits);
    this.#observe("miss", keys.length - hits);
    return values;
  }

  /** Returns at once. */
  setMany(entries: readonly (readonly [string, V])[], ttlSeconds = this.#options.ttlSeconds): void {
    // A server that does not answer reads would only let writes pile up.
    const isOpen = this.#connection.isReady && this.#late === 0;
    const room = isOpen ? MOST_WAITING - this.#waiting.length : 0;
    const milliseconds = Math.round(ttlSeconds * 1000);
    const taken = entries.slice(0, room);
    this.#waiting.push(...taken.map(([key, value]) => ({ key, value, milliseconds })));
    this.#observe("dropped", entries.length - taken.length);
    if (this.#waiting.length === 0) return;
    this.#writing ??= this.#write().finally(() => (this.#writing = undefined));
  }

  /** Redis' own figures, of the whole server: keys in the database, and memory used. */
  async stats(): Promise<TierStats | undefined> {
    const { client } = this.#connection;
    const reply = await this.#ask(() => Promise.all([client.dbSize(), client.info("memory")]));
    if (reply === undefined) return undefined;
    const [entries, info] = reply;
    return { tier: "redis", entries, bytes: Number(/^used_memory:(\d+)/m.exec(info)?.[1] ?? 0) };
  }

  async close(): Promise<void> {
    if (this.#connection.isReady && this.#writing) {
      await inTime(this.#writing, CLOSE_MILLISECONDS);
    }
    this.#connection.close();
  }

  #observe(result: CacheResult, count: number): void {
    if (count > 0) this.#options.observe("redis", result, count);
  }

  /** Redis' reply; undefined when it is down, late, or says no. */
  async #ask<R>(send: () => Promise<R>): Promise<R | undefined> {
    // While a late reply is outstanding the next one would be late too: do not wait for it again.
    if (!this.#connection.isReady || this.#late > 0) return undefined;
    try {
      const asked = send();
      const reply = await inTime(asked, READ_MILLISECONDS);
      if (reply !== LATE) return reply;
      this.#late += 1;
      const arrived = () => void (this.#late -= 1);
      asked.then(arrived, arrived);
      this.#connection.warnOnce("late", {}, `Redis did not answer in ${READ_MILLISECONDS} ms`);
    } catch (error) {
      this.#connection.warnOnce("read", { reason: reasonOf(error) }, "Redis did not give answers");
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

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const refused = await this.#send(this.#waiting.splice(0, SETS_AT_ONCE));
      if (refused === undefined) continue;
      this.#observe("dropped", this.#waiting.splice(0).length);
      this.#connection.warnOnce("write", { reason: refused }, "Redis did not store answers");
      if (refused.startsWith("READONLY")) this.#connection.renew();
    }
  }

  /** Why one of the values was not stored; undefined when all were. */
  async #send(batch: readonly Waiting<V>[]): Promise<string | undefined> {
    const { client } = this.#connection;
    // Commands of the same turn are sent together.
    const replies = await Promise.allSettled(
      batch.map(async ({ key, value, milliseconds }) => {
        const expiration = { type: "PX", value: milliseconds } as const;
        await client.set(key, JSON.stringify(value), { expiration });
      }),
    );
    const failed = replies.filter((reply) => reply.status === "rejected");
    this.#observe("stored", batch.length - failed.length);
    this.#observe("dropped", failed.length);
    if (failed.length > 0) return reasonOf(failed[0]!.reason);
    this.#connection.recovered("write", "Redis stores answers again");
    return undefined;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
