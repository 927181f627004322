import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { setTimeout as sleep } from "node:timers/promises";
import type { ScoreRequest, Scorer, Scores } from "../engine/scorer.ts";
import { createSimulatedScorer } from "../engine/simulated/scorer.ts";
import { createBatcher } from "./batcher.ts";

const request = (word: string): ScoreRequest => ({ words: [word], ask: "whole" });
const observer = { batch: () => {}, waited: () => {} };

/** A scorer that answers with the number in the word, records its batches, and can be held. */
function scorer(hold: Promise<unknown> = Promise.resolve(), failure?: Error) {
  const batches: string[][] = [];
  const signals: (AbortSignal | undefined)[] = [];
  const self: Scorer = {
    model: createSimulatedScorer({ latencySeconds: 0, errorRatio: 0 }).model,
    failure,
    async score(requests, signal): Promise<Scores[]> {
      if (failure) throw failure;
      batches.push(requests.map(({ words }) => words[0]!));
      signals.push(signal);
      await hold;
      if (requests.some(({ words }) => words[0] === "fail")) throw new Error("model broke");
      return requests.map(({ words }) => ({
        whole: Number(words[0]),
        empty: 0,
        known: 1,
        truncated: false,
        each: [],
      }));
    },
    close: async () => {},
  };
  return { self, batches, signals };
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));
const wholes = (scores: readonly Scores[]) => scores.map(({ whole }) => whole);

describe("batcher", () => {
  it("gives every request its own answers in order, however they are joined", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.nat(999), { maxLength: 300 }), { maxLength: 8 }),
        fc.integer({ min: 1, max: 3 }),
        async (groups, lanes) => {
          const scorers = Array.from({ length: lanes }, () => scorer().self);
          const batcher = createBatcher({ scorers, maxWaitSeconds: 0.001, observer });
          const answers = await Promise.all(
            groups.map((group) => batcher.score(group.map((n) => request(String(n))))),
          );
          expect(answers.map(wholes)).toEqual(groups);
          expect(batcher.depth).toBe(0);
        },
      ),
      { numRuns: 30 },
    );
  });

  it("spreads a large request over idle scorers, at most 128 messages each", async () => {
    const [a, b] = [scorer(), scorer()];
    const batcher = createBatcher({ scorers: [a.self, b.self], maxWaitSeconds: 0, observer });
    await batcher.score(Array.from({ length: 128 }, (_, i) => request(String(i))));
    expect([a.batches.length, b.batches.length]).toEqual([1, 1]);
    expect([a.batches[0]!.length, b.batches[0]!.length]).toEqual([64, 64]);
  });

  it("joins what arrives while the scorer works", async () => {
    let release = () => {};
    const held = scorer(new Promise<void>((resolve) => (release = resolve)));
    const batcher = createBatcher({ scorers: [held.self], maxWaitSeconds: 0, observer });
    const first = batcher.score([request("1")]);
    await nextTurn();
    const answers = [first, ...[2, 3, 4].map((n) => batcher.score([request(String(n))]))];
    await nextTurn();
    release();
    await Promise.all(answers);
    expect(held.batches).toEqual([["1"], ["2", "3", "4"]]);
  });

  it("joins what the same turn of the event loop brings", async () => {
    const idle = scorer();
    const batcher = createBatcher({ scorers: [idle.self], maxWaitSeconds: 0, observer });
    await Promise.all([1, 2, 3].map((n) => batcher.score([request(String(n))])));
    expect(idle.batches).toEqual([["1", "2", "3"]]);
  });

  it("does not let a lone request wait", async () => {
    const lone = scorer();
    const batcher = createBatcher({ scorers: [lone.self], maxWaitSeconds: 3600, observer });
    expect(wholes(await batcher.score([request("7")]))).toEqual([7]);
  });

  it("drops the messages of an aborted request and goes on with the others", async () => {
    let release = () => {};
    const held = scorer(new Promise<void>((resolve) => (release = resolve)));
    const batcher = createBatcher({ scorers: [held.self], maxWaitSeconds: 0, observer });
    const first = batcher.score([request("1")]);
    await nextTurn();
    const gone = new AbortController();
    const second = batcher.score([request("2")], gone.signal);
    const third = batcher.score([request("3")]);
    gone.abort(new Error("client left"));
    await expect(second).rejects.toThrow("client left");
    release();
    expect([wholes(await first), wholes(await third)]).toEqual([[1], [3]]);
    expect(held.batches).toEqual([["1"], ["3"]]);
  });

  it("cancels a batch only when nobody waits for it any more", async () => {
    const held = scorer(sleep(50));
    const batcher = createBatcher({ scorers: [held.self], maxWaitSeconds: 0, observer });
    const first = batcher.score([request("0")]);
    await nextTurn();
    const [a, b] = [new AbortController(), new AbortController()];
    const pair = [a, b].map(({ signal }) => batcher.score([request("1")], signal));
    const settled = Promise.allSettled(pair);
    await first;
    a.abort();
    expect(held.signals[1]!.aborted).toBe(false);
    b.abort();
    expect(held.signals[1]!.aborted).toBe(true);
    await settled;
  });

  it("gives no work to a scorer that has failed, while another works", async () => {
    const [dead, works] = [scorer(undefined, new Error("thread ended")), scorer()];
    const scorers = [dead.self, works.self];
    const batcher = createBatcher({ scorers, maxWaitSeconds: 0, observer });
    expect(wholes(await batcher.score([request("1"), request("2")]))).toEqual([1, 2]);
    expect(dead.batches).toEqual([]);
  });

  it("says why when every scorer has failed", async () => {
    const scorers = [scorer(undefined, new Error("thread ended")).self];
    const batcher = createBatcher({ scorers, maxWaitSeconds: 0, observer });
    await expect(batcher.score([request("1")])).rejects.toThrow("thread ended");
  });

  it("fails the requests of a failed batch, and works on", async () => {
    const batcher = createBatcher({ scorers: [scorer().self], maxWaitSeconds: 0, observer });
    await expect(batcher.score([request("fail")])).rejects.toThrow("model broke");
    expect(wholes(await batcher.score([request("5")]))).toEqual([5]);
  });
});
