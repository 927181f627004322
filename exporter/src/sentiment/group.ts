import type { ScoreRequest, Scores } from "../engine/scorer.ts";

/** A request whose messages may lie in several batches. */
export interface Group {
  readonly signal: AbortSignal | undefined;
  readonly results: Scores[];
  readonly enqueued: number;
  open: number;
  done: boolean;
  started: boolean;
  resolve(results: Scores[]): void;
  reject(error: unknown): void;
}

/** One message of a request. */
export interface Item {
  readonly request: ScoreRequest;
  readonly index: number;
  readonly group: Group;
}

/** Takes in the answer of one message; the last one resolves the request. */
export function settle({ group, index }: Item, scores: Scores): void {
  group.results[index] = scores;
  if (--group.open > 0 || group.done) return;
  group.done = true;
  group.resolve(group.results);
}

/** Rejects a request once; later answers to it are dropped. */
export function fail(group: Group, error: unknown): void {
  if (group.done) return;
  group.done = true;
  group.reject(error);
}

/** Aborts when no request of a batch waits any more; undefined when one of them cannot abort. */
export function whenAllAbort(groups: readonly Group[]): AbortSignal | undefined {
  const signals = groups.map((group) => group.signal);
  if (signals.some((signal) => signal === undefined)) return undefined;
  const controller = new AbortController();
  let waiting = signals.length;
  for (const signal of signals) {
    const onAbort = () => --waiting === 0 && controller.abort(signal!.reason);
    if (signal!.aborted) onAbort();
    else signal!.addEventListener("abort", onAbort, { once: true });
  }
  return controller.signal;
}
