/** What is measured in turn with others. */
export interface Turn {
  readonly name: string;
  /**
   * @param round - from 0; warm-up rounds come first
   * @returns what was measured, such as a rate
   */
  measure(round: number): Promise<number>;
}

/** How often, and who is told. */
export interface TurnOptions {
  readonly rounds: number;
  /** Rounds before those that count. */
  readonly warmUp: number;
  readonly what: string;
  readonly tell: (what: string, done?: number, all?: number) => void;
  readonly signal: AbortSignal;
}

/**
 * Measures several things in turn, A B C A B C, so that a change of the machine's speed meets all of
 * them. Every second round goes backwards, so that none is always the one after a certain other.
 *
 * @returns for each thing, what was measured in each round
 * @throws the signal's reason when it aborts
 */
export async function inTurn(turns: readonly Turn[], options: TurnOptions): Promise<number[][]> {
  const { rounds, warmUp, what, tell, signal } = options;
  const measured = turns.map((): number[] => []);
  const all = warmUp + rounds;
  for (let round = 0; round < all; round++) {
    tell(what, round, all);
    const order = [...turns.entries()];
    if (round % 2 === 1) order.reverse();
    for (const [i, turn] of order) {
      signal.throwIfAborted();
      const value = await turn.measure(round);
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

/**
 * Does all jobs, so many at once.
 *
 * @throws what the first failing job throws
 */
export async function atOnce(
  lanes: number,
  jobs: readonly ((lane: number) => Promise<unknown>)[],
): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: Math.min(lanes, jobs.length) }, async (_, lane) => {
      while (next < jobs.length) await jobs[next++]!(lane);
    }),
  );
}
