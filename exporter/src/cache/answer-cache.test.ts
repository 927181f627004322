import { describe, expect, it } from "@jest/globals";
import { AnswerCache } from "./answer-cache.ts";
import { MemoryTier } from "./memory.ts";
import { NoTier } from "./no-tier.ts";

interface Answer {
  readonly text: string;
}

const live = new AbortController().signal;

const memory = () =>
  new MemoryTier<Answer>({ entries: 100, bytes: 1e6, ttlSeconds: 60, observe: () => {} });

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
    const cache = new AnswerCache<Answer>(new NoTier());
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
