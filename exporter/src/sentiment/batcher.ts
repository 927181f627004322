import type { ScoreRequest, Scorer, Scores } from "../engine/scorer.ts";
import { arrivalRate } from "./arrival-rate.ts";
import { fail, type Group, type Item, settle, whenAllAbort } from "./group.ts";

/** What a batcher reports about its work. */
export interface BatchObserver {
  /** A batch of `messages` was answered in `seconds` by the model. */
  batch(messages: number, seconds: number): void;
  /** A request's first message waited `seconds` before it reached a scorer. */
  waited(seconds: number): void;
}

/** See {@link createBatcher}. */
export interface BatcherOptions {
  readonly scorers: readonly Scorer[];
  /** The longest that a small request waits for others after the turn that brought it, in seconds. */
  readonly maxWaitSeconds: number;
  readonly observer: BatchObserver;
}

/** Joins concurrent requests into batches, and spreads large requests over the scorers. */
export interface Batcher {
  /** Messages that no scorer has taken yet. */
  readonly depth: number;
  /**
   * Scores messages; the answers are in their order.
   *
   * @throws the signal's reason when it aborts; messages that have not reached a scorer are dropped
   */
  score(requests: readonly ScoreRequest[], signal?: AbortSignal): Promise<Scores[]>;
}

/** The most messages that one scorer takes at once. */
const MAX_BATCH = 128;

/** A batch of this size gains little from waiting for more. */
const ENOUGH = 16;

/** Batches that one scorer may have: the one it works on, and one so that it never waits. */
const MAX_IN_FLIGHT = 2;

const seconds = () => performance.now() / 1000;

/**
 * Creates a micro-batcher.
 *
 * While all scorers work, small requests gather by themselves. When one is idle, a small request waits
 * for those that this turn of the event loop brings, and longer only if the recent arrival rate promises
 * company within `maxWaitSeconds`.
 */
export function createBatcher({ scorers, maxWaitSeconds, observer }: BatcherOptions): Batcher {
  const inFlight = new Map(scorers.map((scorer) => [scorer, 0]));
  const arrivals = arrivalRate();
  let queue: Item[] = [];
  let timer: NodeJS.Timeout | undefined;
  let turn: NodeJS.Immediate | undefined;

  function pump(): void {
    clearTimeout(timer);
    clearImmediate(turn);
    timer = turn = undefined;
    queue = queue.filter((item) => !item.group.done);
    while (queue.length > 0) {
      const working = scorers.filter((scorer) => !scorer.failure);
      // When all have failed, one of them says why.
      const able = working.length > 0 ? working : scorers;
      const least = Math.min(...able.map((scorer) => inFlight.get(scorer)!));
      const free = able.filter((scorer) => inFlight.get(scorer) === least);
      // A busy scorer gets a second batch only if that is worth more than letting it grow.
      if (least === MAX_IN_FLIGHT || (least > 0 && queue.length < ENOUGH)) return;
      const wait = least > 0 ? 0 : remainingWait();
      if (wait > 0) {
        timer = setTimeout(pump, wait * 1000);
        return;
      }
      const size = Math.min(MAX_BATCH, Math.ceil(queue.length / free.length));
      void run(free[0]!, queue.splice(0, size));
    }
  }

  function remainingWait(): number {
    if (queue.length >= ENOUGH || arrivals.perSecond() * maxWaitSeconds < 1) return 0;
    return queue[0]!.group.enqueued + maxWaitSeconds - seconds();
  }

  async function run(scorer: Scorer, batch: readonly Item[]): Promise<void> {
    const groups = new Set(batch.map((item) => item.group));
    const started = seconds();
    inFlight.set(scorer, inFlight.get(scorer)! + 1);
    for (const group of groups) begin(group, started);
    try {
      const requests = batch.map((item) => item.request);
      const scores = await scorer.score(requests, whenAllAbort([...groups]));
      observer.batch(batch.length, seconds() - started);
      batch.forEach((item, i) => settle(item, scores[i]!));
    } catch (error) {
      for (const group of groups) fail(group, error);
    } finally {
      inFlight.set(scorer, inFlight.get(scorer)! - 1);
      pump();
    }
  }

  function begin(group: Group, now: number): void {
    if (group.started) return;
    group.started = true;
    observer.waited(now - group.enqueued);
  }

  return {
    get depth() {
      return queue.length;
    },
    score(requests, signal) {
      if (signal?.aborted) return Promise.reject(signal.reason);
      if (requests.length === 0) return Promise.resolve([]);
      const now = seconds();
      arrivals.record(now);
      return new Promise<Scores[]>((resolve, reject) => {
        const group: Group = {
          signal,
          results: new Array<Scores>(requests.length),
          enqueued: now,
          open: requests.length,
          done: false,
          started: false,
          resolve,
          reject,
        };
        const onAbort = () => {
          fail(group, signal!.reason);
          pump();
        };
        signal?.addEventListener("abort", onAbort, { once: true });
        for (const [index, request] of requests.entries()) queue.push({ request, index, group });
        if (queue.length >= ENOUGH) pump();
        else turn ??= setImmediate(pump);
      });
    },
  };
}
