import type { ScoreRequest, Scorer, Scores } from "../engine/scorer.ts";
import { ArrivalRate, refuseUnlessInTime, ScoringSpeed } from "./pace.ts";
import { WaitingRequest, whenAllAbort } from "./waiting-request.ts";

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
  readonly parts: { readonly request: WaitingRequest; readonly index: number }[];
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
  let queue: WaitingRequest[] = [];
  let tokensInFlight = 0;
  let timer: NodeJS.Timeout | undefined;
  let turn: NodeJS.Immediate | undefined;
  for (const { scorer } of lanes) scorer.onChange?.(() => pump());

  const waitingMessages = () => queue.reduce((sum, { left }) => sum + left, 0);
  const able = () => lanes.filter(({ scorer }) => !scorer.failure);

  function pump(): void {
    clearTimeout(timer);
    clearImmediate(turn);
    timer = turn = undefined;
    queue = queue.filter((request) => !request.done && request.left > 0);
    const refused = new Set<Lane>();
    for (let waiting = waitingMessages(); waiting > 0;) {
      const candidates = able().filter((lane) => !refused.has(lane));
      if (candidates.length === 0) break;
      const least = Math.min(...candidates.map(({ batches }) => batches));
      const free = candidates.filter(({ batches }) => batches === least);
      // A busy scorer gets a second batch only if that is worth more than letting it grow.
      if (least >= MAX_IN_FLIGHT || (least > 0 && waiting < ENOUGH)) break;
      const wait = least > 0 ? 0 : remainingWait(waiting);
      if (wait > 0) {
        timer = setTimeout(pump, wait * 1000);
        break;
      }
      const lane = free.find((one) => !one.long) ?? free[0]!;
      const batch = takeBatch(lane, Math.min(MAX_BATCH, Math.ceil(waiting / free.length)));
      if (batch) void run(lane, batch);
      else refused.add(lane);
      waiting = waitingMessages();
    }
    if (able().length === 0) refuseAll();
  }

  /** While none works and none is being started again, nothing is left to wait for. */
  function refuseAll(): void {
    if (lanes.some(({ scorer }) => scorer.restarting)) return;
    for (const request of queue) request.fail(lanes[0]!.scorer.failure);
    queue = [];
  }

  function remainingWait(waiting: number): number {
    if (waiting >= ENOUGH || arrivals.perSecond * maxWaitSeconds < 1) return 0;
    return queue[0]!.enqueued + maxWaitSeconds - seconds();
  }

  /** The next messages for a scorer; undefined when only long ones wait and it has one already. */
  function takeBatch(lane: Lane, size: number): Batch | undefined {
    const most = (lane.speed.tokensPerSecond ?? Infinity) * batchSeconds;
    const parts: Batch["parts"] = [];
    let tokens = 0;
    for (const request of queue) {
      while (request.left > 0 && parts.length < size) {
        const { next, suspect } = request;
        const long = next > most;
        if (long || suspect) {
          // It has a batch of its own.
          if (parts.length > 0 || (long && lane.long)) break;
          return { parts: [{ request, index: request.take() }], tokens: next, long };
        }
        if (parts.length > 0 && tokens + next > most) return { parts, tokens, long: false };
        parts.push({ request, index: request.take() });
        tokens += next;
      }
      if (parts.length === size) break;
    }
    return parts.length > 0 ? { parts, tokens, long: false } : undefined;
  }

  async function run(lane: Lane, { parts, tokens, long }: Batch): Promise<void> {
    const requests = new Set(parts.map(({ request }) => request));
    const started = seconds();
    if (long) lane.long = true;
    else lane.batches += 1;
    tokensInFlight += tokens;
    for (const request of requests) {
      if (!request.started) observer.waited(started - request.enqueued);
      request.started = true;
    }
    try {
      const messages = parts.map(({ request, index }) => request.messages[index]!);
      const signal = whenAllAbort(requests);
      const scores = await lane.scorer.score(messages, { signal, long });
      const ended = seconds();
      observer.batch(parts.length, ended - started);
      if (!long) lane.speed.record(tokens, started, ended);
      parts.forEach(({ request, index }, i) => request.settle(index, scores[i]!));
    } catch (error) {
      // A scorer that died takes its batch with it; another one answers, or this one when it is back.
      const died = lane.scorer.failure !== undefined;
      for (const { request, index } of parts) {
        if (request.done) continue;
        if (died && request.takeBack(index)) enqueue(request);
        else request.fail(error);
      }
    } finally {
      if (long) lane.long = false;
      else lane.batches -= 1;
      tokensInFlight -= tokens;
      pump();
    }
  }

  function enqueue(request: WaitingRequest): void {
    if (queue.includes(request)) return;
    const at = queue.findLastIndex(({ rank }) => rank <= request.rank);
    queue.splice(at + 1, 0, request);
  }

  /** Refuses what could not be answered in time, before anything is done for it. */
  function admit(request: WaitingRequest): void {
    const perSecond = able().reduce((sum, { speed }) => sum + (speed.tokensPerSecond ?? 0), 0);
    request.rank = request.enqueued + (perSecond > 0 ? request.tokens / perSecond : 0);
    if (perSecond === 0) return;
    const before = queue.filter(({ rank }) => rank <= request.rank);
    const ahead = before.reduce((sum, { tokens }) => sum + tokens, tokensInFlight);
    refuseUnlessInTime(request.tokens, ahead, perSecond, deadlineSeconds);
  }

  return {
    get depth() {
      return waitingMessages();
    },
    get tokensPerSecond() {
      const known = lanes.flatMap(({ speed }) => speed.tokensPerSecond ?? []);
      return known.length > 0 ? Math.max(...known) : undefined;
    },
    async score(messages, signal) {
      signal?.throwIfAborted();
      if (messages.length === 0) return [];
      const now = seconds();
      arrivals.record(now);
      const request = new WaitingRequest(messages, now, signal);
      admit(request);
      signal?.addEventListener(
        "abort",
        () => {
          request.fail(signal.reason);
          pump();
        },
        { once: true },
      );
      enqueue(request);
      if (waitingMessages() >= ENOUGH) pump();
      else turn ??= setImmediate(pump);
      return request.answers;
    },
  };
}
