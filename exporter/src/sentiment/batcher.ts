import type { ScoreRequest, Scorer, Scores } from "../engine/scorer.ts";
import { ArrivalRate, costOf, refuseUnlessInTime, ScoringSpeed } from "./admission-by-cost.ts";
import {
  fail,
  settle,
  whenAllAbort,
  type WaitingMessage,
  type WaitingRequest,
} from "./waiting-request.ts";

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
  /** The time within which a request must be answered, in seconds; what cannot be is refused at once. */
  readonly deadlineSeconds: number;
  /** What one scorer is known to evaluate before its first batch; see {@link Batcher.tokensPerSecond}. */
  readonly tokensPerSecond?: number | undefined;
  readonly observer: BatchObserver;
}

/** Joins concurrent requests into batches, and spreads large requests over the scorers. */
export interface Batcher {
  /** Messages that no scorer has taken yet. */
  readonly depth: number;
  /** What one scorer evaluates, as its batches show; undefined until one took long enough to tell. */
  readonly tokensPerSecond: number | undefined;
  /**
   * Scores messages; the answers are in their order.
   *
   * @throws HeadroomError `too_much_work` when this many could not be answered within the deadline even if
   * nobody else asked, `overloaded` when others wait for too much, `model_unavailable` while no scorer works
   * @throws the signal's reason when it aborts; messages that have not reached a scorer are dropped
   */
  score(messages: readonly ScoreRequest[], signal?: AbortSignal): Promise<Scores[]>;
}

/** The most messages that one scorer takes at once. */
const MAX_BATCH = 128;

/** A batch of this size gains little from waiting for more. */
const ENOUGH = 16;

/** Batches that one scorer may have besides a long message: the one it works on, and one so that it never waits. */
const MAX_IN_FLIGHT = 2;

/** A batch takes about so long at most, or others would wait for it; a message that takes longer is long. */
const BATCH_SECONDS = 0.1;

const seconds = () => performance.now() / 1000;

/** One scorer and what it has. */
interface Lane {
  readonly scorer: Scorer;
  readonly speed: ScoringSpeed;
  /** Batches that it has, besides a long message. */
  batches: number;
  /** Whether it has a long message, beside which it does others in turn. */
  long: boolean;
}

/** Messages of several requests for one scorer. */
interface Batch {
  readonly messages: readonly WaitingMessage[];
  readonly tokens: number;
  readonly long: boolean;
}

/**
 * Creates a micro-batcher.
 *
 * While all scorers work, small requests gather by themselves. When one is idle, a small request waits
 * for those that this turn of the event loop brings, and longer only if the recent arrival rate promises
 * company within `maxWaitSeconds`.
 *
 * Requests are served in the order of when they would be done if they had come to an idle model: equal ones
 * in the order in which they came, small ones before a large one that came with them, and a large one before
 * those that come later than its own work takes. So nobody starves.
 */
export function createBatcher(options: BatcherOptions): Batcher {
  const { maxWaitSeconds, deadlineSeconds, observer } = options;
  const lanes: readonly Lane[] = options.scorers.map((scorer) => ({
    scorer,
    speed: new ScoringSpeed(options.tokensPerSecond),
    batches: 0,
    long: false,
  }));
  // Without a deadline nobody is in a hurry.
  const batchSeconds = deadlineSeconds === Infinity ? Infinity : BATCH_SECONDS;
  const arrivals = new ArrivalRate();
  /** By rank. */
  let queue: WaitingMessage[] = [];
  let tokensInFlight = 0;
  let timer: NodeJS.Timeout | undefined;
  let turn: NodeJS.Immediate | undefined;
  for (const { scorer } of lanes) scorer.onChange?.(() => pump());

  const able = () => lanes.filter(({ scorer }) => !scorer.failure);

  function pump(): void {
    clearTimeout(timer);
    clearImmediate(turn);
    timer = turn = undefined;
    const refused = new Set<Lane>();
    while (queue.length > 0) {
      const candidates = able().filter((lane) => !refused.has(lane));
      if (candidates.length === 0) break;
      const least = Math.min(...candidates.map(({ batches }) => batches));
      const free = candidates.filter(({ batches }) => batches === least);
      // A busy scorer gets a second batch only if that is worth more than letting it grow.
      if (least >= MAX_IN_FLIGHT || (least > 0 && queue.length < ENOUGH)) break;
      const wait = least > 0 ? 0 : remainingWait();
      if (wait > 0) {
        timer = setTimeout(pump, wait * 1000);
        break;
      }
      const lane = free.find((one) => !one.long) ?? free[0]!;
      const batch = takeBatch(lane, Math.min(MAX_BATCH, Math.ceil(queue.length / free.length)));
      if (batch) void run(lane, batch);
      else refused.add(lane);
    }
    // While none works and none is being started again, nothing is left to wait for.
    if (able().length > 0 || lanes.some(({ scorer }) => scorer.restarting)) return;
    for (const { request } of queue) fail(request, lanes[0]!.scorer.failure);
    queue = [];
  }

  function remainingWait(): number {
    if (queue.length >= ENOUGH || arrivals.perSecond * maxWaitSeconds < 1) return 0;
    return queue[0]!.request.enqueued + maxWaitSeconds - seconds();
  }

  /** The next messages for a scorer; undefined when only long ones wait and it has one already. */
  function takeBatch(lane: Lane, size: number): Batch | undefined {
    const most = (lane.speed.tokensPerSecond ?? Infinity) * batchSeconds;
    const messages: WaitingMessage[] = [];
    const passedOver: WaitingMessage[] = [];
    let tokens = 0;
    let long = false;
    let at = 0;
    for (; at < queue.length && messages.length < size; at++) {
      const message = queue[at]!;
      const isLong = message.tokens > most;
      const isAlone = isLong || message.isSuspect;
      // It has a batch of its own.
      if (isAlone && (messages.length > 0 || (isLong && lane.long))) {
        passedOver.push(message);
        continue;
      }
      if (messages.length > 0 && tokens + message.tokens > most) break;
      messages.push(message);
      tokens += message.tokens;
      long = isLong;
      if (isAlone) {
        at += 1;
        break;
      }
    }
    if (messages.length === 0) return undefined;
    queue = [...passedOver, ...queue.slice(at)];
    return { messages, tokens, long };
  }

  async function run(lane: Lane, { messages, tokens, long }: Batch): Promise<void> {
    const requests = new Set(messages.map(({ request }) => request));
    const started = seconds();
    if (long) lane.long = true;
    else lane.batches += 1;
    tokensInFlight += tokens;
    for (const request of requests) {
      if (!request.started) observer.waited(started - request.enqueued);
      request.started = true;
    }
    try {
      const signal = whenAllAbort(requests);
      const asked = messages.map(({ request, index }) => request.messages[index]!);
      const scores = await lane.scorer.score(asked, { signal, long });
      const ended = seconds();
      observer.batch(messages.length, ended - started);
      if (!long) lane.speed.record(tokens, started, ended);
      messages.forEach(({ request, index }, i) => settle(request, index, scores[i]!));
    } catch (error) {
      // A scorer that died takes its batch with it; another one answers, or this one when it is back.
      const died = lane.scorer.failure !== undefined;
      for (const message of messages) {
        if (died && !message.isSuspect && !message.request.done) putBack(message);
        else drop(message.request, error);
      }
    } finally {
      if (long) lane.long = false;
      else lane.batches -= 1;
      tokensInFlight -= tokens;
      pump();
    }
  }

  function drop(request: WaitingRequest, error: unknown): void {
    fail(request, error);
    queue = queue.filter((one) => one.request !== request);
  }

  /** Puts a message back before the others of its request. */
  function putBack(message: WaitingMessage): void {
    const before = queue.findIndex(({ request }) => request === message.request);
    const at = before < 0 ? placeOf(message.request.rank) : before;
    queue.splice(at, 0, { ...message, isSuspect: true });
  }

  /** Behind all that is served before it. */
  function placeOf(rank: number): number {
    return queue.findLastIndex(({ request }) => request.rank <= rank) + 1;
  }

  return {
    get depth() {
      return queue.length;
    },
    get tokensPerSecond() {
      const known = lanes.flatMap(({ speed }) => speed.tokensPerSecond ?? []);
      return known.length > 0 ? Math.max(...known) : undefined;
    },
    async score(messages, signal) {
      signal?.throwIfAborted();
      if (messages.length === 0) return [];
      const enqueued = seconds();
      arrivals.record(enqueued);
      const costs = messages.map(costOf);
      const tokens = sum(costs);
      const perSecond = sum(able().map(({ speed }) => speed.tokensPerSecond ?? 0));
      const rank = enqueued + (perSecond > 0 ? tokens / perSecond : 0);
      const at = placeOf(rank);
      if (perSecond > 0) {
        const ahead = tokensInFlight + sum(queue.slice(0, at).map((one) => one.tokens));
        refuseUnlessInTime(tokens, ahead, perSecond, deadlineSeconds);
      }
      const request: WaitingRequest = {
        ...{ messages, signal, enqueued, rank, started: false, done: false },
        ...{ scores: new Array<Scores>(messages.length), open: messages.length },
        answer: Promise.withResolvers(),
      };
      const onAbort = () => {
        drop(request, signal?.reason);
        pump();
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      const waiting = costs.map((cost, index) => {
        return { request, index, tokens: cost, isSuspect: false };
      });
      queue.splice(at, 0, ...waiting);
      if (queue.length >= ENOUGH) pump();
      else turn ??= setImmediate(pump);
      return request.answer.promise;
    },
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}
