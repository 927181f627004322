import { setTimeout as pause } from "node:timers/promises";
import type { Reader } from "./reader.ts";

/**
 * Shortest time, in milliseconds, over which a rate is taken. Processor time is counted in steps of
 * 10 ms, so that a shorter window would show steps and not use.
 */
export const MIN_WINDOW_MS = 250;

/**
 * Longest time, in milliseconds, over which a rate is taken. What was counted before tells how busy
 * the machine was, not how busy it is.
 */
export const MAX_WINDOW_MS = 10_000;

/** How to turn running totals into a reading. */
export interface WindowOptions<C, T> {
  /** Reads the totals. */
  readonly count: () => C | Promise<C>;
  /** What happened between two counts, `seconds` apart. */
  readonly between: (before: C, after: C, seconds: number) => T;
  /** Instead of {@link MIN_WINDOW_MS}. */
  readonly minWindowMs?: number;
}

/**
 * A reader of what happened since its last reading. When that is too long ago, or never was, it
 * counts twice with a pause between. So a reading is always about the last moments, and nothing runs
 * while nobody asks. Its callers must not overlap.
 */
export function overWindow<C, T>(options: WindowOptions<C, T>): Reader<T> {
  const { count, between, minWindowMs = MIN_WINDOW_MS } = options;
  const countNow = async () => ({ counted: await count(), at: performance.now() });
  let last: { readonly counted: C; readonly at: number } | undefined;
  return async (signal) => {
    const before = last && performance.now() - last.at <= MAX_WINDOW_MS ? last : await countNow();
    const wait = before.at + minWindowMs - performance.now();
    if (wait > 0) await pause(wait, undefined, { signal });
    const after = await countNow();
    last = after;
    return between(before.counted, after.counted, (after.at - before.at) / 1000);
  };
}
