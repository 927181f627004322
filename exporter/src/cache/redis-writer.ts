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

/** Writes values in the background, some at a time, so that reads never wait behind many writes. */
export class RedisWriter {
  readonly #connection: RedisConnection;
  #waiting: Waiting[] = [];
  #running: Promise<void> | undefined;

  constructor(connection: RedisConnection) {
    this.#connection = connection;
  }

  /** Queues values; returns at once. */
  write(entries: readonly (readonly [key: string, value: unknown])[], ttlSeconds: number): void {
    if (!this.#connection.isReady()) return;
    const milliseconds = Math.round(ttlSeconds * 1000);
    const room = MOST_WAITING - this.#waiting.length;
    for (const [key, value] of entries.slice(0, room)) {
      this.#waiting.push({ key, value, milliseconds });
    }
    this.#running ??= this.#run().finally(() => (this.#running = undefined));
  }

  /** Ends when everything that was queued is written or dropped. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        const pipeline = this.#connection.client.multi();
        for (const { key, value, milliseconds } of this.#waiting.splice(0, SETS_AT_ONCE)) {
          const expiration = { type: "PX", value: milliseconds } as const;
          pipeline.set(key, JSON.stringify(value), { expiration });
        }
        await pipeline.execAsPipeline();
      }
    } catch (error) {
      this.#waiting = [];
      const reason = error instanceof Error ? error.message : String(error);
      this.#connection.warnOnce("write", { reason }, "Redis did not store answers");
    }
  }
}
