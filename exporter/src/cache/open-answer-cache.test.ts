import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { z } from "zod";
import type { AnswerCache } from "./answer-cache.ts";
import { openAnswerCache } from "./open-answer-cache.ts";
import { Recorder } from "./testing/recorder.ts";
import { RedisServer, freePort } from "./testing/redis-server.ts";
import { until } from "./testing/until.ts";

const answer = z.object({ text: z.string() });
type Answer = z.output<typeof answer>;

const live = new AbortController().signal;
const redis = new RedisServer(await freePort());
const opened: AnswerCache<Answer>[] = [];

/** One exporter's cache. */
function open(options: { cacheEntries?: number; redisUrl?: string } = {}) {
  const recorder = new Recorder();
  const cache = openAnswerCache<Answer>({
    cacheEntries: 100,
    cacheBytes: 1e6,
    cacheTtlSeconds: 60,
    redisUrl: undefined,
    ...options,
    parse: (value) => answer.parse(value),
    observe: recorder.observe,
    logger: recorder.logger,
  });
  opened.push(cache);
  return { cache, recorder };
}

/** Resolves one key; tells whether the model was spared. */
async function isCached(cache: AnswerCache<Answer>, key: string): Promise<boolean> {
  const [result] = await cache.resolve([key], async () => [{ text: key }], live);
  expect(result?.value).toEqual({ text: key });
  return result!.cached;
}

beforeEach(() => redis.start());

afterEach(async () => {
  await Promise.all(opened.splice(0).map((cache) => cache.close()));
  await redis.kill();
});

describe("the tiers together", () => {
  it("share answers between exporters through Redis, and keep them in memory then", async () => {
    const one = open({ redisUrl: redis.url });
    const two = open({ redisUrl: redis.url });
    let tries = 0;
    // A new key each time, until both are connected and a write is through.
    await until(async () => {
      await isCached(one.cache, `key ${(tries += 1)}`);
      return isCached(two.cache, `key ${tries}`);
    });
    const hits = { ...two.recorder.lookups };
    expect(hits["redis hit"]).toBe(1);
    expect(await isCached(two.cache, `key ${tries}`)).toBe(true);
    expect(two.recorder.lookups).toEqual({ ...hits, "memory hit": (hits["memory hit"] ?? 0) + 1 });
    expect((await one.cache.stats()).map(({ tier }) => tier)).toEqual(["memory", "redis"]);
  });

  it("answer from memory when Redis has died", async () => {
    const { cache, recorder } = open({ redisUrl: redis.url });
    await until(() => recorder.logged(/Redis answers/) > 0);
    await isCached(cache, "a");
    await redis.kill();
    expect(await isCached(cache, "a")).toBe(true);
    expect(await isCached(cache, "b")).toBe(false);
    expect(await isCached(cache, "b")).toBe(true);
    await until(() => recorder.logged(/cannot be used/) > 0);
    expect((await cache.stats()).map(({ tier }) => tier)).toEqual(["memory"]);
  });

  it("keep answers in Redis alone when memory has no entries", async () => {
    const { cache, recorder } = open({ cacheEntries: 0, redisUrl: redis.url });
    await until(() => isCached(cache, "a"));
    expect(Object.keys(recorder.lookups).every((name) => name.startsWith("redis"))).toBe(true);
  });

  it("keep nothing when there are none", async () => {
    const { cache, recorder } = open({ cacheEntries: 0 });
    expect(await isCached(cache, "a")).toBe(false);
    expect(await isCached(cache, "a")).toBe(false);
    expect(recorder.lookups).toEqual({});
    expect(await cache.stats()).toEqual([]);
  });
});
