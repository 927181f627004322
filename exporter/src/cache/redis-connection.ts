import { createClient } from "redis";
import type { CacheLogger } from "./cache.ts";

/** A server that stays a replica is not left more often than this. */
const RENEW_PAUSE_MS = 5_000;

type Client = ReturnType<typeof clientOf>;

/**
 * The connection to Redis, in the background and for as long as the process lives: it may be down at
 * any time, and comes back by itself. Changes of state are logged once, never the attempts in
 * between, and never the password.
 */
export class RedisConnection {
  readonly #url: string;
  readonly #logger: CacheLogger;
  /** The address without user and password. */
  readonly #redis: string;
  readonly #warned = new Set<string>();
  #client: Client;
  /** Takes over from the client of now once it is connected. */
  #next: Client | undefined;
  #renewedAt = -Infinity;

  /** @param url - redis:// or rediss:// address */
  constructor(url: string, logger: CacheLogger) {
    const { protocol, host, pathname } = new URL(url);
    this.#url = url;
    this.#logger = logger;
    this.#redis = `${protocol}//${host}${pathname}`;
    this.#client = this.#connect();
  }

  /** The client of now; {@link renew} brings another. */
  get client(): Client {
    return this.#client;
  }

  /** Whether a command may be sent now. */
  get isReady(): boolean {
    return this.#client.isReady;
  }

  /**
   * Connects anew, to whatever server the address leads to now. The client of now goes on until the
   * new one can take over. Soon after the last time, it does nothing.
   */
  renew(): void {
    if (this.#next || performance.now() - this.#renewedAt < RENEW_PAUSE_MS) return;
    this.#renewedAt = performance.now();
    this.#next = this.#connect();
  }

  /** Logs a problem, each kind once until Redis comes back after an outage, or it has recovered. */
  warnOnce(kind: string, fields: object, message: string): void {
    if (this.#warned.has(kind)) return;
    this.#warned.add(kind);
    this.#logger.warn({ redis: this.#redis, ...fields }, message);
  }

  /** Logs that a kind of problem is over, if it was there. */
  recovered(kind: string, message: string): void {
    if (this.#warned.delete(kind)) this.#logger.info({ redis: this.#redis }, message);
  }

  close(): void {
    this.#client.destroy();
    this.#next?.destroy();
  }

  #connect(): Client {
    const client = clientOf(this.#url);
    client.on("ready", () => {
      if (client === this.#next) return this.#takeOver(client);
      this.#warned.clear();
      const message = "Redis answers: it is used as the second cache";
      this.#logger.info({ redis: this.#redis }, message);
    });
    client.on("error", (error: Error & { code?: string }) => {
      // While the connection stands, an error belongs to one command, and its caller sees it.
      if (client !== this.#client || client.isReady) return;
      const reason = error.message || error.code || error.name;
      const message = "Redis cannot be used: going on without it, and trying again";
      this.warnOnce("down", { reason }, message);
    });
    // A failure is an error event too, and the client goes on trying.
    client.connect().catch(() => {});
    return client;
  }

  #takeOver(client: Client): void {
    const before = this.#client;
    this.#client = client;
    this.#next = undefined;
    // Reads in flight get their replies; one that is not connected has none to wait for.
    before.close().catch(() => {});
  }
}

/** A client whose settings were measured to notice a dead or frozen Redis fastest without false alarms. */
function clientOf(url: string) {
  return createClient({
    url,
    // Commands must fail while Redis is down, instead of waiting for it.
    disableOfflineQueue: true,
    commandsQueueMaxLength: 64,
    // A frozen server sends nothing; the ping makes the socket's timeout mean just that.
    pingInterval: 400,
    socket: {
      connectTimeout: 500,
      socketTimeout: 1000,
      reconnectStrategy: (retries) => Math.min(50 * (retries + 1), 500),
    },
  });
}
