import { createClient } from "redis";
import type { CacheLogger } from "./cache.ts";

/** The connection to Redis: it may be down at any time, and comes back by itself. */
export interface RedisConnection {
  /** The client of now; {@link renew} brings another. */
  readonly client: ReturnType<typeof connect>;
  /** Whether a command may be sent now. */
  isReady(): boolean;
  /**
   * Connects anew, to whatever server the address leads to now. The client of now goes on until the
   * new one can take over. Soon after the last time, it does nothing.
   */
  renew(): void;
  /** Logs a problem, each kind once until Redis comes back after an outage, or it has recovered. */
  warnOnce(kind: string, fields: object, message: string): void;
  /** Logs that a kind of problem is over, if it was there. */
  recovered(kind: string, message: string): void;
  close(): void;
}

/** A server that stays a replica is not left more often than this. */
const RENEW_PAUSE_MS = 5_000;

/**
 * Connects in the background and for as long as the process lives. Changes of state are logged
 * once, never the attempts in between, and never the password.
 *
 * @param url - redis:// or rediss:// address
 */
export function connectRedis(url: string, logger: CacheLogger): RedisConnection {
  const redis = withoutSecrets(url);
  const warned = new Set<string>();
  const warnOnce = (kind: string, fields: object, message: string) => {
    if (warned.has(kind)) return;
    warned.add(kind);
    logger.warn({ redis, ...fields }, message);
  };
  const open = () => {
    const opened = connect(url);
    opened.on("ready", () => {
      if (opened === next) return takeOver(opened);
      warned.clear();
      logger.info({ redis }, "Redis answers: it is used as the second cache");
    });
    opened.on("error", (error: Error & { code?: string }) => {
      // While the connection stands, an error belongs to one command, and its caller sees it.
      if (opened !== client || client.isReady) return;
      const reason = error.message || error.code || error.name;
      warnOnce("down", { reason }, "Redis cannot be used: going on without it, and trying again");
    });
    opened.connect().catch(() => {
      // The listener above has logged it, and the client goes on trying.
    });
    return opened;
  };
  const takeOver = (opened: typeof client) => {
    const before = client;
    client = opened;
    next = undefined;
    // Reads in flight get their replies; one that is not connected has none to wait for.
    before.close().catch(() => {});
  };

  let next: ReturnType<typeof connect> | undefined;
  let renewedAt = -Infinity;
  let client = open();
  return {
    get client() {
      return client;
    },
    isReady: () => client.isReady,
    renew() {
      if (next || performance.now() - renewedAt < RENEW_PAUSE_MS) return;
      renewedAt = performance.now();
      next = open();
    },
    warnOnce,
    recovered(kind, message) {
      if (warned.delete(kind)) logger.info({ redis }, message);
    },
    close() {
      client.destroy();
      next?.destroy();
    },
  };
}

/** The settings that were measured to notice a dead or frozen Redis fastest without false alarms. */
function connect(url: string) {
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

function withoutSecrets(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}
