import type { ScoreRequest, Scores } from "../../scorer.ts";
import { NotProven } from "./not-proven.ts";

/** Scores a batch with one of the ways to call the engine. */
export type ScoreBatch = (requests: readonly ScoreRequest[]) => Promise<readonly Scores[]>;

/**
 * How far the same score may be apart, in nats. Weights of 32 bits leave rounding alone; quantised ones
 * are multiplied in another order when more tokens are evaluated together, and what a layer then rounds
 * to 8 bits differs.
 */
export const TOLERANCE = { exact: 1e-4, quantised: 0.5 } as const;

/**
 * Every way of asking, in one batch: a word, one that most models do not know, and a message with all
 * its prefixes and gaps. Short, because a large model takes seconds for it.
 */
export const PROBE: readonly ScoreRequest[] = [
  { words: ["great"], ask: "whole" },
  { words: ["zzyzx"], ask: "prefixes" },
  { words: ["boring", "film", "but", "good"], ask: "prefixes" },
  { words: ["boring", "film", "but", "good"], ask: "without" },
];

/**
 * Has both ways score the same batch.
 *
 * @param tolerance - the most that a score may differ, in nats
 * @throws NotProven with the largest difference
 */
export async function proveScores(
  known: ScoreBatch,
  candidate: ScoreBatch,
  tolerance: number,
): Promise<void> {
  const expected = (await known(PROBE)).map(figures);
  const found = (await candidate(PROBE)).map(figures);
  const differences = expected.flatMap((figure, i) =>
    figure.map((value, k) => Math.abs(value - (found[i]?.[k] ?? NaN))),
  );
  // Written so that a score which is no number is refused too.
  if (differences.every((difference) => difference <= tolerance)) return;
  const largest = Math.max(...differences);
  throw new NotProven(
    `its scores differ from node-llama-cpp's by ${largest.toPrecision(2)}, and ${tolerance} is allowed`,
  );
}

/** All that must agree, in a fixed order. */
function figures({ whole, empty, known, truncated, each }: Scores): number[] {
  return [whole, empty, known, Number(truncated), each.length, ...each];
}
