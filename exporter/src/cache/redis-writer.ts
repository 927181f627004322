import type { WriteResult } from "./cache.ts";
import type { RedisConnection } from "./redis-connection.ts";

/** Few enough to leave room for reads in the client's command queue. */
const SETS_AT_ONCE = 32;

/** More than this is dropped: Redis does not keep up, and the answers are only copies. */
const MOST_WAITING = 4096;

interface Waiting {
  readonly key: string;
  readonly value: unknown;
  /** How long it is kept. */
  readonly milliseconds: number;
}

/**
 * Writes values in the background, some at a time, so that reads never wait behind many writes. What
 * Redis does not take is dropped and counted: after a failover the connection may lead to a replica,
 * which refuses to write (READONLY) and is left for the server that the address leads to by then; a
 * full server refuses too (OOM).
 */
export class RedisWriter {
  readonly #connection: RedisConnection;
  readonly #wrote: (result: WriteResult, count: number) => void;
  #waiting: Waiting[] = [];
  #running: Promise<void> | undefined;

  constructor(connection: RedisConnection, wrote: (result: WriteResult, count: number) => void) {
    this.#connection = connection;
    this.#wrote = wrote;
  }

  /** Queues values; returns at once. */
  write(entries: readonly (readonly [key: string, value: unknown])[], ttlSeconds: number): void {
    const milliseconds = Math.round(ttlSeconds * 1000);
    const room = this.#connection.isReady() ? MOST_WAITING - this.#waiting.length : 0;
    for (const [key, value] of entries.slice(0, room)) {
      this.#waiting.push({ key, value, milliseconds });
    }
    if (entries.length > room) this.#wrote("dropped", entries.length - room);
    if (this.#waiting.length === 0) return;
    this.#running ??= this.#run().finally(() => (this.#running = undefined));
  }

  /** Ends when everything that was queued is written or dropped. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const failed = await this.#send(this.#waiting.splice(0, SETS_AT_ONCE));
      if (failed === undefined) continue;
      const dropped = this.#waiting.splice(0).length;
      if (dropped > 0) this.#wrote("dropped", dropped);
      this.#connection.warnOnce("write", { reason: failed }, "Redis did not store answers");
      if (failed.startsWith("READONLY")) this.#connection.renew();
    }
  }

  /** Why one of the values was not stored; undefined when all were. */
  async #send(batch: readonly Waiting[]): Promise<string | undefined> {
    const { client } = this.#connection;
    // Commands of the same turn are sent together.
    const replies = await Promise.allSettled(
      batch.map(async ({ key, value, milliseconds }) => {
        const expiration = { type: "PX", value: milliseconds } as const;
        await client.set(key, JSON.stringify(value), { expiration });
      }),
    );
    const failed = replies.filter((reply) => reply.status === "rejected");
    if (failed.length < batch.length) this.#wrote("stored", batch.length - failed.length);
    const [first] = failed;
    if (first === undefined) {
      this.#connection.recovered("write", "Redis stores answers again");
      return undefined;
    }
    this.#wrote("dropped", failed.length);
    const reason: unknown = first.reason;
    return reason instanceof Error ? reason.message : String(reason);
  }
}
