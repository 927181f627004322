import { createClient } from "redis";
import type { CacheLogger } from "./cache.ts";

/** The connection to Redis: it may be down at any time, and comes back by itself. */
export interface RedisConnection {
  readonly client: ReturnType<typeof connect>;
  /** Whether a command may be sent now. */
  isReady(): boolean;
  /** Logs a problem, each kind once until Redis comes back after an outage. */
  warnOnce(kind: string, fields: object, message: string): void;
}

/**
 * Connects in the background and for as long as the process lives. Changes of state are logged
 * once, never the attempts in between, and never the password.
 *
 * @param url - redis:// or rediss:// address
 */
export function connectRedis(url: string, logger: CacheLogger): RedisConnection {
  const redis = withoutSecrets(url);
  const client = connect(url);
  const warned = new Set<string>();
  const warnOnce = (kind: string, fields: object, message: string) => {
    if (warned.has(kind)) return;
    warned.add(kind);
    logger.warn({ redis, ...fields }, message);
  };
  client.on("ready", () => {
    warned.clear();
    logger.info({ redis }, "Redis answers: it is used as the second cache");
  });
  client.on("error", (error: Error & { code?: string }) => {
    // While the connection stands, an error belongs to one command, and its caller sees it.
    if (client.isReady) return;
    const reason = error.message || error.code || error.name;
    warnOnce("down", { reason }, "Redis cannot be used: going on without it, and trying again");
  });
  client.connect().catch(() => {
    // The listener above has logged it, and the client goes on trying.
  });
  return { client, isReady: () => client.isReady, warnOnce };
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
