import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { portProbe } from "../processes/readiness.ts";
import type { RunFolder } from "../run-folder.ts";
import type { Session, Starting } from "../session.ts";
import { toolIfPresent } from "../toolbox.ts";

/** The port that Redis takes when it is free. */
export const REDIS_PORT = 6379;
const READY_SECONDS = 15;

/**
 * Starts a Redis for this run only: nothing is saved, and the oldest answers go when it is full.
 *
 * @returns its address, like redis://127.0.0.1:6379
 * @throws Error with the end of its log when it does not become ready
 */
async function startRedis(session: Session, program: string): Promise<string> {
  const port = await session.port("redis", REDIS_PORT);
  await session.start(await redisPart(session.folder, program, port));
  return `redis://127.0.0.1:${port}`;
}

/** Redis on exactly this port; its folder is made. */
export async function redisPart(
  { path }: RunFolder,
  program: string,
  port: number,
): Promise<Starting> {
  const folder = join(path, "redis");
  await mkdir(folder, { recursive: true });
  return {
    name: "redis",
    command: program,
    args: [
      ...["--bind", "127.0.0.1", "--port", String(port), "--dir", folder],
      ...["--save", "", "--appendonly", "no"],
      ...["--maxmemory", "128mb", "--maxmemory-policy", "allkeys-lru"],
    ],
    probe: portProbe(port),
    limitSeconds: READY_SECONDS,
  };
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
