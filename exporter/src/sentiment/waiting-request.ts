import type { ScoreRequest, Scores } from "../engine/scorer.ts";
import { costOf } from "./pace.ts";

/** A request on its way through the batcher. */
export class WaitingRequest {
  readonly messages: readonly ScoreRequest[];
  /** Of each message, in tokens. */
  readonly costs: readonly number[];
  /** When it came, in seconds. */
  readonly enqueued: number;
  readonly signal: AbortSignal | undefined;
  /** Those with less are served first; see `createBatcher`. */
  rank = 0;
  started = false;
  done = false;
  /** Tokens of the messages that no scorer has. */
  tokens: number;
  /** Those messages. */
  #left: number[];
  readonly #retried = new Set<number>();
  readonly #results: Scores[];
  #open: number;
  readonly #answers = Promise.withResolvers<Scores[]>();

  constructor(messages: readonly ScoreRequest[], enqueued: number, signal?: AbortSignal) {
    this.messages = messages;
    this.costs = messages.map(costOf);
    this.tokens = this.costs.reduce((sum, cost) => sum + cost, 0);
    this.enqueued = enqueued;
    this.signal = signal;
    this.#left = [...messages.keys()].reverse();
    this.#results = new Array<Scores>(messages.length);
    this.#open = messages.length;
  }

  /** The answers to the messages, in their order. */
  get answers(): Promise<Scores[]> {
    return this.#answers.promise;
  }

  /** Messages that no scorer has. */
  get left(): number {
    return this.#left.length;
  }

  /** The cost of the next message. */
  get next(): number {
    return this.costs[this.#left.at(-1)!]!;
  }

  /** Whether the next message had a scorer that died: it gets the next one for itself, in case it was the reason. */
  get suspect(): boolean {
    return this.#retried.has(this.#left.at(-1)!);
  }

  /** Takes the next message for a scorer. */
  take(): number {
    const index = this.#left.pop()!;
    this.tokens -= this.costs[index]!;
    return index;
  }

  /**
   * Takes a message back whose scorer died.
   *
   * @returns false when that happened to it before: the message may be the reason
   */
  takeBack(index: number): boolean {
    if (this.#retried.has(index)) return false;
    this.#retried.add(index);
    this.#left.push(index);
    this.tokens += this.costs[index]!;
    return true;
  }

  /** Takes in the answer of a message; with the last one the request is answered. */
  settle(index: number, scores: Scores): void {
    this.#results[index] = scores;
    if (--this.#open > 0 || this.done) return;
    this.done = true;
    this.#answers.resolve(this.#results);
  }

  /** Fails the request once; later answers to it are dropped. */
  fail(error: unknown): void {
    if (this.done) return;
    this.done = true;
    this.#answers.reject(error);
  }
}

/** Aborts when no request of a batch waits any more; undefined when one of them cannot abort. */
export function whenAllAbort(requests: Iterable<WaitingRequest>): AbortSignal | undefined {
  const signals = Array.from(requests, ({ signal }) => signal);
  if (signals.some((signal) => signal === undefined)) return undefined;
  const [only] = signals;
  if (signals.length === 1) return only;
  const controller = new AbortController();
  let waiting = signals.length;
  for (const signal of signals) {
    const onAbort = () => --waiting === 0 && controller.abort(signal!.reason);
    if (signal!.aborted) onAbort();
    else signal!.addEventListener("abort", onAbort, { once: true });
  }
  return controller.signal;
}
