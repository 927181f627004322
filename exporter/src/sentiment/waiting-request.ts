import type { ScoreRequest, Scores } from "../engine/scorer.ts";

/** A request that is not answered yet. */
export interface WaitingRequest {
  readonly messages: readonly ScoreRequest[];
  readonly signal: AbortSignal | undefined;
  /** When it came, in seconds. */
  readonly enqueued: number;
  /** Those with less are served first; see `createBatcher`. */
  readonly rank: number;
  /** Whether a scorer has had one of its messages. */
  started: boolean;
  done: boolean;
  readonly scores: Scores[];
  /** How many of the scores are not there yet. */
  open: number;
  readonly answer: PromiseWithResolvers<Scores[]>;
}

/** A message that no scorer has. */
export interface WaitingMessage {
  readonly request: WaitingRequest;
  readonly index: number;
  /** What it costs. */
  readonly tokens: number;
  /** A scorer died with it: it gets the next one for itself, in case it was the reason. */
  readonly isSuspect: boolean;
}

/** Takes in the answer of a message; with the last one the request is answered. */
export function settle(request: WaitingRequest, index: number, scores: Scores): void {
  request.scores[index] = scores;
  request.open -= 1;
  if (request.open > 0) return;
  request.done = true;
  request.answer.resolve(request.scores);
}

/** Fails a request, unless it is answered; what comes for it later is dropped. */
export function fail(request: WaitingRequest, error: unknown): void {
  request.done = true;
  request.answer.reject(error);
}

/** Aborts when no request of a batch waits any more; undefined when one of them cannot abort. */
export function whenAllAbort(requests: Iterable<WaitingRequest>): AbortSignal | undefined {
  const signals = Array.from(requests, ({ signal }) => signal);
  if (!signals.every((signal) => signal !== undefined)) return undefined;
  if (signals.length === 1) return signals[0];
  const controller = new AbortController();
  let waiting = signals.length;
  for (const signal of signals) {
    const onAbort = () => --waiting === 0 && controller.abort(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
  }
  return controller.signal;
}
