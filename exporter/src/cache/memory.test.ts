import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { MemoryTier } from "./memory.ts";
import { Recorder } from "./testing/recorder.ts";

interface Answer {
  readonly score: number;
}

function open(bounds: { entries?: number; bytes?: number; ttlSeconds?: number } = {}) {
  const recorder = new Recorder();
  const time = { now: 1 };
  const tier = new MemoryTier<Answer>({
    entries: 100,
    bytes: 1e6,
    ttlSeconds: 60,
    ...bounds,
    observe: recorder.observe,
    clock: () => time.now,
  });
  return { tier, recorder, time };
}

/** The keys "k0", "k1", ... of a small set, so that they repeat. */
const someKeys = fc.array(
  fc.integer({ min: 0, max: 30 }).map((n) => `k${n}`),
  { maxLength: 60 },
);

describe("the memory tier", () => {
  it("gives back what was stored, and counts hits and misses", async () => {
    const { tier, recorder } = open();
    tier.setMany([["a", { score: 1 }]]);
    expect(await tier.getMany(["a", "b", "a"])).toEqual([{ score: 1 }, undefined, { score: 1 }]);
    expect(recorder.lookups).toEqual({ "memory hit": 2, "memory miss": 1 });
  });

  it("keeps at most its number of entries: the ones used last", async () => {
    await fc.assert(
      fc.asyncProperty(someKeys, fc.integer({ min: 1, max: 10 }), async (keys, entries) => {
        const { tier } = open({ entries });
        for (const key of keys) {
          const [found] = await tier.getMany([key]);
          if (!found) tier.setMany([[key, { score: 0 }]]);
        }
        const usedLast = [...new Set(keys.toReversed())].slice(0, entries);
        expect((await tier.getMany(usedLast)).every((value) => value !== undefined)).toBe(true);
        expect((await tier.stats()).entries).toBe(usedLast.length);
      }),
    );
  });

  it("never takes more than its number of bytes", async () => {
    const values = fc.array(fc.tuple(fc.string(), fc.array(fc.double())), { maxLength: 50 });
    await fc.assert(
      fc.asyncProperty(values, fc.integer({ min: 300, max: 5000 }), async (all, bytes) => {
        const tier = new MemoryTier<number[]>({
          entries: 1000,
          bytes,
          ttlSeconds: 60,
          observe: () => {},
        });
        for (const entry of all) {
          tier.setMany([entry]);
          expect((await tier.stats()).bytes).toBeLessThanOrEqual(bytes);
        }
      }),
    );
  });

  it("gives a value until its time is over, and never after", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 2000 })), async (steps) => {
        const { tier, time } = open({ ttlSeconds: 1 });
        let storedAt: number | undefined;
        for (const step of steps) {
          time.now += step;
          const [found] = await tier.getMany(["k"]);
          expect(found !== undefined).toBe(storedAt !== undefined && time.now - storedAt <= 1000);
          if (found) continue;
          tier.setMany([["k", { score: 0 }]]);
          storedAt = time.now;
        }
      }),
    );
  });

  it("counts what it stored, and what is larger than all of it and so was dropped", () => {
    const { tier, recorder } = open({ bytes: 1_000 });
    const large = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`n${i}`, i]));
    tier.setMany([
      ["a", { score: 1 }],
      ["b", { score: 2 }],
      ["large", { score: 3, ...large }],
    ]);
    expect(recorder.writes).toEqual({ "memory stored": 2, "memory dropped": 1 });
  });

  it("is empty after it was closed", async () => {
    const { tier } = open();
    tier.setMany([["a", { score: 1 }]]);
    await tier.close();
    expect(await tier.stats()).toEqual({ tier: "memory", entries: 0, bytes: 0 });
  });
});
