import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { freePort } from "@headroom/alerts/testing/free-port";
import fc from "fast-check";
import { z } from "zod";
import { AnswerCache, openAnswerCache, type Compute } from "./answer-cache.ts";
import { MemoryTier } from "./memory.ts";
import { Recorder } from "./testing/recorder.ts";
import { RedisServer } from "./testing/redis-server.ts";
import { until } from "./testing/until.ts";

const answer = z.object({ text: z.string() });
type Answer = z.output<typeof answer>;

const live = new AbortController().signal;

const memory = () => [
  new MemoryTier<Answer>({ entries: 100, bytes: 1e6, ttlSeconds: 60, observe: () => {} }),
];

/** Computes an answer for each key, and keeps which were asked for. */
function counting(keys: readonly string[]) {
  const asked: string[] = [];
  const compute = async (indexes: readonly number[]) => {
    asked.push(...indexes.map((index) => keys[index]!));
    return indexes.map((index) => ({ text: keys[index]! }));
  };
  return { asked, compute };
}

async function resolve(cache: AnswerCache<Answer>, keys: readonly string[]) {
  const { asked, compute } = counting(keys);
  const results = await cache.resolve(keys, compute, live);
  expect(results.map(({ value }) => value.text)).toEqual(keys);
  return { asked, cached: results.map(({ cached }) => cached) };
}

describe("the answer cache", () => {
  it("computes what it does not have, in order, and says which answers it had", async () => {
    const cache = new AnswerCache(memory());
    expect(await resolve(cache, ["a", "b", "a"])).toEqual({
      asked: ["a", "b"],
      cached: [false, false, true],
    });
    expect(await resolve(cache, ["c", "b", "d", "a"])).toEqual({
      asked: ["c", "d"],
      cached: [false, true, false, true],
    });
  });

  it("does not call the model when it has everything", async () => {
    const cache = new AnswerCache(memory());
    await resolve(cache, ["a"]);
    const never = () => Promise.reject(new Error("called"));
    expect(await cache.resolve(["a"], never, live)).toEqual([
      { value: { text: "a" }, cached: true },
    ]);
  });

  it("still computes each key of simultaneous requests once when nothing is kept", async () => {
    const cache = new AnswerCache<Answer>([]);
    const keys = ["a", "b"];
    const { asked, compute } = counting(keys);
    await Promise.all([1, 2, 3].map(() => cache.resolve(keys, compute, live)));
    expect(asked).toEqual(["a", "b"]);
    await cache.resolve(keys, compute, live);
    expect(asked).toEqual(["a", "b", "a", "b"]);
  });

  it("gives an answer it has while another request computes the rest of its batch", async () => {
    const cache = new AnswerCache(memory());
    await resolve(cache, ["a"]);
    let finish: (answers: Answer[]) => void = () => {};
    const slow = () => new Promise<Answer[]>((done) => (finish = done));
    const first = cache.resolve(["a", "b"], slow, live);
    expect(await resolve(cache, ["a"])).toEqual({ asked: [], cached: [true] });
    finish([{ text: "b" }]);
    expect((await first).map(({ cached }) => cached)).toEqual([true, false]);
  });

  it("does not keep a failure", async () => {
    const cache = new AnswerCache(memory());
    const failing = () => Promise.reject(new Error("no model"));
    await expect(cache.resolve(["a"], failing, live)).rejects.toThrow("no model");
    expect((await resolve(cache, ["a"])).asked).toEqual(["a"]);
  });

  it("refuses a computation with too few values", async () => {
    const cache = new AnswerCache(memory());
    const short = async () => [{ text: "a" }];
    await expect(cache.resolve(["a", "b"], short, live)).rejects.toThrow("2 values");
  });

  it("does not start a computation for a request that went away during the lookup", async () => {
    const client = new AbortController();
    const { asked, compute } = counting(["a"]);
    const result = new AnswerCache(memory()).resolve(["a"], compute, client.signal);
    client.abort(new Error("gone"));
    await expect(result).rejects.toThrow("gone");
    expect(asked).toEqual([]);
  });

  it("answers an empty request with nothing", async () => {
    expect(await resolve(new AnswerCache(memory()), [])).toEqual({ asked: [], cached: [] });
  });
});

/** A computation that waits to be told how it ends. */
function controlled(keys: readonly string[]) {
  const asked: string[][] = [];
  const ends: { succeed(): void; fail(error: Error): void; signal: AbortSignal }[] = [];
  const compute: Compute<string> = (indexes, signal) =>
    new Promise((resolve, reject) => {
      const names = indexes.map((index) => keys[index]!);
      asked.push(names);
      const succeed = () => resolve(names.map((name) => `value of ${name}`));
      ends.push({ succeed, fail: reject, signal });
    });
  return { compute, asked, ends };
}

/** Starts a request whose rejection may be looked at later, and lets its computation begin. */
async function start(cache: AnswerCache<string>, keys: readonly string[], signal = live) {
  const computation = controlled(keys);
  const result = cache.resolve(keys, computation.compute, signal);
  result.catch(() => {});
  await turn();
  return { ...computation, result };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("requests at the same time", () => {
  it("computes a key once that stands twice in a request", async () => {
    const call = await start(new AnswerCache([]), ["a", "b", "a"]);
    expect(call.asked).toEqual([["a", "b"]]);
    call.ends[0]!.succeed();
    expect(await call.result).toEqual([
      { value: "value of a", cached: false },
      { value: "value of b", cached: false },
      { value: "value of a", cached: true },
    ]);
  });

  it("waits for keys that another request computes, and computes only the rest", async () => {
    const cache = new AnswerCache<string>([]);
    const first = await start(cache, ["a", "b"]);
    const second = await start(cache, ["b", "c"]);
    expect(second.asked).toEqual([["c"]]);
    second.ends[0]!.succeed();
    first.ends[0]!.succeed();
    expect(await second.result).toEqual([
      { value: "value of b", cached: true },
      { value: "value of c", cached: false },
    ]);
  });

  it("computes a key again when its flight has ended", async () => {
    const cache = new AnswerCache<string>([]);
    for (let round = 0; round < 2; round += 1) {
      const call = await start(cache, ["a"]);
      call.ends[0]!.succeed();
      expect(await call.result).toEqual([{ value: "value of a", cached: false }]);
    }
  });
});

describe("a flight that fails", () => {
  const broken = new Error("broken");

  it("fails its own caller, while those who waited compute the key once more, together", async () => {
    const cache = new AnswerCache<string>([]);
    const owner = await start(cache, ["a", "b"]);
    const waiters = [await start(cache, ["a"]), await start(cache, ["a", "c"])];
    waiters[1]!.ends[0]!.succeed();
    owner.ends[0]!.fail(broken);
    await expect(owner.result).rejects.toBe(broken);
    await turn();
    expect(waiters.map((waiter) => waiter.asked)).toEqual([[["a"]], [["c"]]]);
    waiters[0]!.ends[0]!.succeed();
    expect((await waiters[1]!.result).map(({ value }) => value)).toEqual([
      "value of a",
      "value of c",
    ]);
    expect(await waiters[0]!.result).toEqual([{ value: "value of a", cached: false }]);
  });

  it("fails everybody when the second try fails too", async () => {
    const cache = new AnswerCache<string>([]);
    const owner = await start(cache, ["a"]);
    const waiters = [await start(cache, ["a"]), await start(cache, ["a"])];
    owner.ends[0]!.fail(new Error("the first"));
    await turn();
    waiters[0]!.ends[0]!.fail(broken);
    for (const waiter of waiters) await expect(waiter.result).rejects.toBe(broken);
    expect(waiters[1]!.asked).toEqual([]);
  });

  it("is one that left a key without a value", async () => {
    const none = new AnswerCache<string>([]).resolve(["a"], async () => [], live);
    await expect(none).rejects.toThrow("1 values were asked for, 0 came");
  });
});

describe("a caller that goes away", () => {
  const gone = new Error("gone");

  it("stops the computation when nobody else waits", async () => {
    const client = new AbortController();
    const call = await start(new AnswerCache([]), ["a"], client.signal);
    client.abort(gone);
    await expect(call.result).rejects.toBe(gone);
    expect(call.ends[0]!.signal.aborted).toBe(true);
  });

  it("does not stop it while another caller waits for one of its keys", async () => {
    const cache = new AnswerCache<string>([]);
    const client = new AbortController();
    const owner = await start(cache, ["a", "b"], client.signal);
    const waiter = await start(cache, ["b"]);
    client.abort(gone);
    await expect(owner.result).rejects.toBe(gone);
    expect(owner.ends[0]!.signal.aborted).toBe(false);
    owner.ends[0]!.succeed();
    expect(await waiter.result).toEqual([{ value: "value of b", cached: true }]);
    expect(waiter.asked).toEqual([]);
  });

  it("stops it when the others go too, and whoever comes then starts anew", async () => {
    const cache = new AnswerCache<string>([]);
    const clients = [new AbortController(), new AbortController()];
    const owner = await start(cache, ["a"], clients[0]!.signal);
    const waiter = await start(cache, ["a"], clients[1]!.signal);
    for (const client of clients) client.abort(gone);
    await expect(waiter.result).rejects.toBe(gone);
    expect(owner.ends[0]!.signal.aborted).toBe(true);
    const next = await start(cache, ["a"]);
    expect(next.asked).toEqual([["a"]]);
    // What the aborted computation still gives does not disturb the new one.
    owner.ends[0]!.succeed();
    next.ends[0]!.succeed();
    expect(await next.result).toEqual([{ value: "value of a", cached: false }]);
  });

  it("starts nothing when it had gone before", async () => {
    const call = await start(new AnswerCache([]), ["a"], AbortSignal.abort(gone));
    await expect(call.result).rejects.toBe(gone);
    expect(call.asked).toEqual([]);
  });
});

describe("any mix of requests, failures and aborts", () => {
  const call = fc.record({
    keys: fc.array(fc.constantFrom("a", "b", "c", "d"), { minLength: 1, maxLength: 5 }),
    fails: fc.boolean(),
    aborts: fc.boolean(),
  });

  it("never computes a key twice at once, and gives each caller its values or a reason", async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.array(call, { maxLength: 8 }), async (order, calls) => {
        const cache = new AnswerCache<string>([]);
        const wanted = new Map<string, number>();
        const runs = calls.map(async ({ keys, fails, aborts }) => {
          const client = new AbortController();
          await order.schedule(Promise.resolve(), "start");
          if (aborts) void order.schedule(Promise.resolve()).then(() => client.abort("aborted"));
          const compute: Compute<string> = async (indexes, signal) => {
            const names = indexes.map((index) => keys[index]!);
            const count = (step: number) => {
              for (const name of names) wanted.set(name, (wanted.get(name) ?? 0) + step);
              expect(Math.max(...wanted.values())).toBeLessThanOrEqual(1);
            };
            count(1);
            let counted = true;
            const stop = () => {
              if (counted) count(-1);
              counted = false;
            };
            signal.addEventListener("abort", stop);
            await order.schedule(Promise.resolve(), "compute");
            stop();
            if (fails) throw "failed";
            return names.map((name) => `value of ${name}`);
          };
          const got = await cache.resolve(keys, compute, client.signal).then(
            (results) => results.map(({ value }) => value),
            (reason: unknown) => reason,
          );
          if (got === "aborted") expect(aborts).toBe(true);
          else if (got === "failed") expect(calls.some((other) => other.fails)).toBe(true);
          else expect(got).toEqual(keys.map((key) => `value of ${key}`));
        });
        await order.waitFor(Promise.all(runs));
      }),
    );
  });
});

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

describe("the tiers together", () => {
  beforeEach(() => redis.start());

  afterEach(async () => {
    await Promise.all(opened.splice(0).map((cache) => cache.close()));
    await redis.kill();
  });

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
