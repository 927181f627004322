import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { setTimeout as sleep } from "node:timers/promises";
import { HeadroomError } from "../errors.ts";
import type { ScoreRequest, Scorer, Scores } from "../engine/scorer.ts";
import { createSimulatedScorer } from "../engine/simulated/scorer.ts";
import { createBatcher } from "./batcher.ts";

const request = (word: string): ScoreRequest => ({ text: word, ask: "whole" });
const deadlineSeconds = 60;
const observer = { batch: () => {}, waited: () => {} };

/** A scorer that answers with the number in the word, records its batches, and can be held. */
function scorer(hold: Promise<unknown> = Promise.resolve(), failure?: Error) {
  const batches: string[][] = [];
  const signals: (AbortSignal | undefined)[] = [];
  const self: Scorer = {
    model: createSimulatedScorer({ latencySeconds: 0, errorRatio: 0 }).model,
    failure,
    async score(requests, { signal } = {}): Promise<Scores[]> {
      if (failure) throw failure;
      batches.push(requests.map(({ text }) => text));
      signals.push(signal);
      await hold;
      if (requests.some(({ text }) => text === "fail")) throw new Error("model broke");
      return requests.map(({ text }) => ({
        whole: Number(text),
        empty: 0,
        known: 1,
        truncated: false,
        each: [],
        bounds: [],
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
          const batcher = createBatcher({
            scorers,
            maxWaitSeconds: 0.001,
            deadlineSeconds,
            observer,
          });
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
    const batcher = createBatcher({
      scorers: [a.self, b.self],
      maxWaitSeconds: 0,
      deadlineSeconds,
      observer,
    });
    await batcher.score(Array.from({ length: 128 }, (_, i) => request(String(i))));
    expect([a.batches.length, b.batches.length]).toEqual([1, 1]);
    expect([a.batches[0]!.length, b.batches[0]!.length]).toEqual([64, 64]);
  });

  it("joins what arrives while the scorer works", async () => {
    let release = () => {};
    const held = scorer(new Promise<void>((resolve) => (release = resolve)));
    const batcher = createBatcher({
      scorers: [held.self],
      maxWaitSeconds: 0,
      deadlineSeconds,
      observer,
    });
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
    const batcher = createBatcher({
      scorers: [idle.self],
      maxWaitSeconds: 0,
      deadlineSeconds,
      observer,
    });
    await Promise.all([1, 2, 3].map((n) => batcher.score([request(String(n))])));
    expect(idle.batches).toEqual([["1", "2", "3"]]);
  });

  it("does not let a lone request wait", async () => {
    const lone = scorer();
    const batcher = createBatcher({
      scorers: [lone.self],
      maxWaitSeconds: 3600,
      deadlineSeconds,
      observer,
    });
    expect(wholes(await batcher.score([request("7")]))).toEqual([7]);
  });

  it("drops the messages of an aborted request and goes on with the others", async () => {
    let release = () => {};
    const held = scorer(new Promise<void>((resolve) => (release = resolve)));
    const batcher = createBatcher({
      scorers: [held.self],
      maxWaitSeconds: 0,
      deadlineSeconds,
      observer,
    });
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
    const batcher = createBatcher({
      ...{ scorers: [held.self], maxWaitSeconds: 0, deadlineSeconds, observer },
      // So that the first batch does not make it look slow.
      tokensPerSecond: 10_000,
    });
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
    const batcher = createBatcher({ scorers, maxWaitSeconds: 0, deadlineSeconds, observer });
    expect(wholes(await batcher.score([request("1"), request("2")]))).toEqual([1, 2]);
    expect(dead.batches).toEqual([]);
  });

  it("says why when every scorer has failed", async () => {
    const scorers = [scorer(undefined, new Error("thread ended")).self];
    const batcher = createBatcher({ scorers, maxWaitSeconds: 0, deadlineSeconds, observer });
    await expect(batcher.score([request("1")])).rejects.toThrow("thread ended");
  });

  it("fails the requests of a failed batch, and works on", async () => {
    const batcher = createBatcher({
      scorers: [scorer().self],
      maxWaitSeconds: 0,
      deadlineSeconds,
      observer,
    });
    await expect(batcher.score([request("fail")])).rejects.toThrow("model broke");
    expect(wholes(await batcher.score([request("5")]))).toEqual([5]);
  });
});

/** A scorer that holds every batch until the test answers it, and can die and come back. */
class HeldScorer implements Scorer {
  readonly model = scorer().self.model;
  readonly taken: { readonly texts: string[]; readonly long: boolean; answer(): void }[] = [];
  failure: Error | undefined;
  restarting = false;
  #deaths = new AbortController();
  #changed = () => {};

  score(requests: readonly ScoreRequest[], { long = false } = {}): Promise<Scores[]> {
    const texts = requests.map(({ text }) => text);
    return new Promise((resolve, reject) => {
      this.#deaths.signal.addEventListener("abort", () => reject(this.failure!));
      const each = { empty: 0, known: 1, truncated: false, each: [], bounds: [] };
      const answer = () => resolve(texts.map((text) => ({ ...each, whole: parseInt(text) })));
      this.taken.push({ texts, long, answer });
    });
  }

  /** Answers what it has, and what comes, until nothing comes. */
  async answerAll(): Promise<void> {
    for (let i = 0; i < this.taken.length; i++) {
      this.taken[i]!.answer();
      await nextTurn();
    }
  }

  die({ restarting }: { restarting: boolean }): void {
    this.failure = new HeadroomError("model_failed", "its process was ended by SIGABRT");
    this.restarting = restarting;
    this.#deaths.abort();
  }

  /** Its starts fail one after the other. */
  giveUp(): void {
    this.restarting = false;
    this.#changed();
  }

  restart(): void {
    this.failure = undefined;
    this.restarting = false;
    this.#deaths = new AbortController();
    this.#changed();
  }

  onChange(listener: () => void): void {
    this.#changed = listener;
  }

  async close(): Promise<void> {}
}

/** A message of so many tokens that begins with a number, which is its answer. */
const sized = (n: number, tokens: number): ScoreRequest => ({
  ...{ text: `${n}${" a".repeat(tokens - 1)}`, ask: "whole" },
});
const held = (scorers: readonly Scorer[], tokensPerSecond: number, deadlineSeconds = 60) =>
  createBatcher({ scorers, tokensPerSecond, deadlineSeconds, maxWaitSeconds: 0, observer });
const numbers = (one: HeldScorer) =>
  one.taken.map(({ texts }) => texts.map((text) => parseInt(text)));

describe("requests of different cost", () => {
  it("are served small ones first, of those that come together", async () => {
    const one = new HeldScorer();
    const batcher = held([one], 1_000);
    // 50 tokens a message, and 100 in a batch.
    const large = batcher.score(Array.from({ length: 20 }, (_, i) => sized(i, 50)));
    const small = batcher.score([sized(77, 1)]);
    await nextTurn();
    await one.answerAll();
    expect(wholes(await small)).toEqual([77]);
    expect(wholes(await large)).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(numbers(one).flat().indexOf(77)).toBeLessThanOrEqual(4);
  });

  it("are served in the order in which they came, when they cost the same", async () => {
    const one = new HeldScorer();
    const batcher = held([one], 1_000);
    const all = Array.from({ length: 40 }, (_, i) => batcher.score([sized(i, 30)]));
    await nextTurn();
    await one.answerAll();
    await Promise.all(all);
    expect(numbers(one).flat()).toEqual(Array.from({ length: 40 }, (_, i) => i));
  });

  it("do not starve a large one by a stream of small ones", async () => {
    const one = new HeldScorer();
    const batcher = held([one], 10_000);
    let streaming = true;
    let served = 0;
    const stream = async () => {
      while (streaming) {
        await batcher.score([sized(1, 10)]);
        served += 1;
      }
    };
    // More of them wait at any time than a batch of 1,000 tokens holds.
    const streams = Array.from({ length: 300 }, stream);
    let at = 0;
    const working = (async () => {
      while (streaming || at < one.taken.length) {
        await sleep(5);
        if (at < one.taken.length) one.taken[at++]!.answer();
      }
    })();
    await sleep(50);
    const before = served;
    // 0.2 s of work, in two messages that are long and two that are not.
    const large = batcher.score([900, 1_100, 100, 1_100].map((tokens, i) => sized(i, tokens)));
    expect(wholes(await Promise.race([large, sleep(60_000, [], { ref: false })]))).toEqual([
      0, 1, 2, 3,
    ]);
    streaming = false;
    await Promise.all([...streams, working]);
    expect(served).toBeGreaterThan(before);
  });

  it("keep a long message to one at a time a scorer, and others go on beside it", async () => {
    const [a, b] = [new HeldScorer(), new HeldScorer()];
    const batcher = held([a, b], 1_000);
    const long = batcher.score([1, 2, 3].map((n) => sized(n, 500)));
    await nextTurn();
    expect([a, b].map(numbers)).toEqual([[[1]], [[2]]]);
    expect([a, b].map(({ taken }) => taken[0]!.long)).toEqual([true, true]);
    const small = batcher.score([sized(7, 1)]);
    await nextTurn();
    expect(numbers(a)).toEqual([[1], [7]]);
    expect(a.taken[1]!.long).toBe(false);
    a.taken[1]!.answer();
    expect(wholes(await small)).toEqual([7]);
    expect(numbers(a)).toHaveLength(2);
    a.taken[0]!.answer();
    await nextTurn();
    expect(numbers(a)).toEqual([[1], [7], [3]]);
    await Promise.all([a, b].map((one) => one.answerAll()));
    expect(wholes(await long)).toEqual([1, 2, 3]);
  });

  it("go to a scorer without a long message, where there is one", async () => {
    const [a, b] = [new HeldScorer(), new HeldScorer()];
    const batcher = held([a, b], 1_000);
    const all = [batcher.score([sized(1, 500)])];
    await nextTurn();
    all.push(batcher.score([sized(2, 1)]));
    await nextTurn();
    expect([a, b].map(numbers)).toEqual([[[1]], [[2]]]);
    await Promise.all([a, b].map((one) => one.answerAll()));
    await Promise.all(all);
  });
});

describe("a request that cannot be answered in time", () => {
  it("is refused before anything is done, when its cost alone is more than half of the deadline", async () => {
    const one = new HeldScorer();
    const batcher = held([one], 100, 10);
    await expect(batcher.score([sized(1, 300), sized(2, 201)])).rejects.toMatchObject({
      code: "too_much_work",
      members: { cost: 501, limit: 500, unit: "tokens" },
    });
    // 40 words without each of them: 40 + 40 * 40 / 2.
    const { text } = sized(1, 40);
    await expect(batcher.score([{ text, ask: "without" }])).rejects.toMatchObject({
      members: { cost: 840, limit: 500 },
    });
    await nextTurn();
    expect([one.taken.length, batcher.depth]).toEqual([0, 0]);
    const most = batcher.score([sized(1, 300), sized(2, 200)]);
    await nextTurn();
    await one.answerAll();
    expect(wholes(await most)).toEqual([1, 2]);
  });

  it("is refused while others wait for too much, and told when to come again", async () => {
    const one = new HeldScorer();
    const batcher = held([one], 100, 10);
    const first = [batcher.score([sized(1, 400)]), batcher.score([sized(2, 400)])];
    await expect(batcher.score([sized(3, 400)])).rejects.toMatchObject({
      code: "overloaded",
      retryAfterSeconds: 2,
      members: { limit: 10, unit: "seconds" },
    });
    // What is small does not wait for the large ones, so it is let in.
    const small = batcher.score([sized(4, 5)]);
    await nextTurn();
    await one.answerAll();
    expect((await Promise.all([...first, small])).flatMap(wholes)).toEqual([1, 2, 4]);
    expect(numbers(one).flat()).not.toContain(3);
    const again = batcher.score([sized(3, 400)]);
    await nextTurn();
    await one.answerAll();
    expect(wholes(await again)).toEqual([3]);
  });
});

describe("a scorer that dies", () => {
  const messages = [1, 2, 3, 4].map((n) => sized(n, 1));

  it("leaves its messages to another, which answers each once", async () => {
    const [a, b] = [new HeldScorer(), new HeldScorer()];
    const batcher = held([a, b], 1_000);
    const answers = batcher.score(messages);
    await nextTurn();
    expect([a, b].map(numbers)).toEqual([[[1, 2]], [[3, 4]]]);
    a.die({ restarting: true });
    await nextTurn();
    b.taken[0]!.answer();
    await nextTurn();
    await b.answerAll();
    expect(wholes(await answers)).toEqual([1, 2, 3, 4]);
    expect(numbers(b).flat().sort()).toEqual([1, 2, 3, 4]);
  });

  it("and dies again by the same message fails its request, and no other", async () => {
    const one = new HeldScorer();
    const batcher = held([one], 1_000);
    const answers = batcher.score(messages);
    answers.catch(() => {});
    for (let time = 0; time < 2; time++) {
      await nextTurn();
      one.die({ restarting: true });
      await nextTurn();
      one.restart();
    }
    await expect(answers).rejects.toMatchObject({ code: "model_failed" });
    const other = batcher.score([sized(9, 1)]);
    await nextTurn();
    one.taken.at(-1)!.answer();
    expect(wholes(await other)).toEqual([9]);
    // The second time each of them has the scorer for itself.
    expect(numbers(one).map((batch) => batch.toSorted())).toEqual([[1, 2, 3, 4], [4], [9]]);
  });

  it("and dies again by one message answers those that were only beside it", async () => {
    const one = new HeldScorer();
    const batcher = held([one], 1_000);
    const guilty = batcher.score([sized(1, 1), sized(2, 1)]);
    guilty.catch(() => {});
    const innocent = batcher.score([sized(3, 9)]);
    await nextTurn();
    expect(numbers(one)).toEqual([[1, 2, 3]]);
    for (let time = 0; time < 2; time++) {
      one.die({ restarting: true });
      await nextTurn();
      one.restart();
      await nextTurn();
    }
    await expect(guilty).rejects.toMatchObject({ code: "model_failed" });
    await one.answerAll();
    expect(wholes(await innocent)).toEqual([3]);
  });

  it("is waited for while it is started again", async () => {
    const one = new HeldScorer();
    const batcher = held([one], 1_000);
    one.die({ restarting: true });
    const answers = batcher.score(messages);
    await sleep(20);
    expect([one.taken.length, batcher.depth]).toEqual([0, 4]);
    one.restart();
    await one.answerAll();
    expect(wholes(await answers)).toEqual([1, 2, 3, 4]);
  });

  it("is waited for no longer when it cannot be started again", async () => {
    const one = new HeldScorer();
    const batcher = held([one], 1_000);
    one.die({ restarting: true });
    const answers = batcher.score(messages);
    await nextTurn();
    one.giveUp();
    await expect(answers).rejects.toMatchObject({ code: "model_failed" });
  });

  it("for good, with all others, fails all that waits, and says why", async () => {
    const [a, b] = [new HeldScorer(), new HeldScorer()];
    const batcher = held([a, b], 1_000);
    const answers = Array.from({ length: 9 }, () => batcher.score([sized(1, 500)]));
    await nextTurn();
    const settled = Promise.allSettled(answers);
    a.die({ restarting: false });
    b.die({ restarting: false });
    for (const answer of await settled) {
      expect(answer).toMatchObject({ status: "rejected", reason: { code: "model_failed" } });
    }
    expect(batcher.depth).toBe(0);
    await expect(batcher.score([sized(1, 1)])).rejects.toThrow("SIGABRT");
  });
});
