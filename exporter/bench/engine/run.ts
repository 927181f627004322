import type { Machine } from "@headroom/loadtest/report/baseline";
import type { Config } from "../../src/config.ts";
import type { Running } from "../command.ts";

/** A run of the bench, as all its parts see it. */
export interface BenchRun extends Pick<Running, "tell" | "signal"> {
  readonly config: Config;
  readonly machine: Machine;
  /** How often each thing is measured. */
  readonly rounds: number;
}

/** Rounds before those that count: until then code is compiled and memory used for the first time. */
export function warmUpOf(rounds: number): number {
  return Math.min(3, rounds);
}

/** How often, in words. */
export function inRounds(rounds: number): string {
  return rounds === 1 ? "1 round" : `${rounds} rounds`;
}

/**
 * Measures something that is measured in turn with others, such as a rate.
 *
 * @param round - from 0; warm-up rounds come first
 */
export type Turn = (round: number) => Promise<number>;

/** How often, and who is told of `what`. */
interface TurnOptions extends Pick<BenchRun, "rounds" | "tell" | "signal"> {
  /** Rounds before those that count. */
  readonly warmUp?: number;
  readonly what: string;
}

/**
 * Measures several things in turn, A B C A B C, so that a change of the machine's speed meets all of
 * them. Every second round goes backwards, so that none is always the one after a certain other.
 *
 * @returns for each thing, what was measured in each round
 * @throws the signal's reason when it aborts
 */
export async function inTurn(turns: readonly Turn[], options: TurnOptions): Promise<number[][]> {
  const { rounds, warmUp = warmUpOf(rounds), what, tell, signal } = options;
  const measured = turns.map((): number[] => []);
  const all = warmUp + rounds;
  for (let round = 0; round < all; round++) {
    tell(what, round, all);
    const order = [...turns.entries()];
    if (round % 2 === 1) order.reverse();
    for (const [i, turn] of order) {
      signal.throwIfAborted();
      const value = await turn(round);
      if (round >= warmUp) measured[i]!.push(value);
    }
  }
  return measured;
}

/** Seconds that something takes. */
export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
