import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { portProbe } from "../processes/readiness.ts";
import type { Session } from "../session.ts";
import { toolIfPresent } from "../toolbox.ts";

const REDIS_PORT = 6379;
const READY_SECONDS = 15;

/**
 * Starts a Redis for this run only: nothing is saved, and the oldest answers go when it is full.
 *
 * @returns its address, like redis://127.0.0.1:6379
 * @throws Error with the end of its log when it does not become ready
 */
async function startRedis(session: Session, program: string): Promise<string> {
  const port = await session.port("redis", REDIS_PORT);
  const folder = join(session.folder.path, "redis");
  await mkdir(folder, { recursive: true });
  await session.start({
    name: "redis",
    command: program,
    args: [
      ...["--bind", "127.0.0.1", "--port", String(port), "--dir", folder],
      ...["--save", "", "--appendonly", "no"],
      ...["--maxmemory", "128mb", "--maxmemory-policy", "allkeys-lru"],
    ],
    probe: portProbe(port),
    limitSeconds: READY_SECONDS,
  });
  return `redis://127.0.0.1:${port}`;
}

/**
 * Starts a Redis when one is installed and no other is configured by HEADROOM_REDIS_URL.
 *
 * @returns the address of the Redis to use, or undefined when there is none
 * @throws Error with the end of its log when it does not become ready
 */
export async function startRedisIfPresent(session: Session): Promise<string | undefined> {
  const configured = process.env["HEADROOM_REDIS_URL"];
  if (configured) return configured;
  const program = await toolIfPresent("redis-server");
  return program === undefined ? undefined : startRedis(session, program);
}
