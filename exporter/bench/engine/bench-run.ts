import type { Machine } from "@headroom/loadtest/report/baseline";
import type { Config } from "../../src/config.ts";

/** A run of the bench, as all its parts see it. */
export interface BenchRun {
  readonly config: Config;
  readonly machine: Machine;
  /** How often each thing is measured. */
  readonly rounds: number;
  /** Is told what is done, and how far it is. */
  readonly tell: (what: string, done?: number, all?: number) => void;
  readonly signal: AbortSignal;
}

/** Rounds before those that count: until then code is compiled and memory used for the first time. */
export function warmUpOf(rounds: number): number {
  return Math.min(3, rounds);
}

/** How often, in words. */
export function inRounds(rounds: number): string {
  return rounds === 1 ? "1 round" : `${rounds} rounds`;
}

/** What must be closed. */
interface Opened {
  close(): Promise<unknown>;
}

/**
 * Closes what `use` opens, the last first, however it ends.
 *
 * @param use - gets a function that keeps what is to be closed, and returns it
 */
export async function closingAll<T>(
  use: (keep: <O extends Opened>(opened: O) => O) => Promise<T>,
): Promise<T> {
  const opened: Opened[] = [];
  try {
    return await use((one) => {
      opened.push(one);
      return one;
    });
  } finally {
    for (const one of opened.reverse()) await one.close();
  }
}
