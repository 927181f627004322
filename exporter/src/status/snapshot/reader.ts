import { setTimeout as pause } from "node:timers/promises";
import type { Snapshot, SnapshotPart } from "./snapshot.ts";

/**
 * Reads one part of the snapshot. The signal ends its pauses; a command of the system that already
 * runs is not stopped.
 *
 * @throws Error with a short reason when the part cannot be read
 */
export type Reader<T> = (signal: AbortSignal) => Promise<T>;

/** A reader for each part; `undefined` only where the machine has no such thing (a battery). */
export type Readers = { readonly [P in SnapshotPart]: Reader<Snapshot[P]> };

/** The value when it is a number that a machine can have: finite and not negative; else 0. */
export function amount(value: number | null | undefined): number {
  return value !== null && value !== undefined && Number.isFinite(value) ? Math.max(0, value) : 0;
}

/** Longest name that is shown, in characters. */
export const NAME_LENGTH = 64;

/**
 * A name of the system (a mount, an interface, a program) made safe to show. Such names are chosen
 * by whoever made the thing, so they are untrusted: line breaks, control characters and invisible
 * ones, such as those that turn the direction of writing, are dropped, and the rest is cut to
 * {@link NAME_LENGTH} characters.
 *
 * @returns `(unnamed)` when nothing is left
 */
export function plainName(name: string): string {
  // Cut first, roughly: a name may be a megabyte of arguments.
  const visible = name
    .slice(0, 4 * NAME_LENGTH)
    .replace(/\s+/gu, " ")
    .replace(/\p{C}/gu, "");
  const short = [...visible.trim()].slice(0, NAME_LENGTH).join("").trim();
  return short === "" ? "(unnamed)" : short;
}

/**
 * Shortest time, in milliseconds, over which a rate is taken. Processor time is counted in steps of
 * 10 ms, so that a shorter window would show steps and not use.
 */
const MIN_WINDOW_MS = 250;

/**
 * Longest time, in milliseconds, over which a rate is taken. What was counted before tells how busy
 * the machine was, not how busy it is.
 */
const MAX_WINDOW_MS = 10_000;

/**
 * A reader of what happened since its last reading. When that is too long ago, or never was, it
 * counts twice with a pause between. So a reading is always about the last moments, and nothing runs
 * while nobody asks. Its callers must not overlap.
 *
 * @param count - reads running totals
 * @param between - what happened between two counts, `seconds` apart
 */
export function overWindow<C, T>(
  count: () => C | Promise<C>,
  between: (before: C, after: C, seconds: number) => T,
  minWindowMs = MIN_WINDOW_MS,
): Reader<T> {
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
