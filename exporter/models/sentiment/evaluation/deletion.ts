import type { Scorer } from "../../../src/engine/scorer.ts";
import { createRandom, shuffle } from "../training/random.ts";
import { METHODS, scoreWords, type Method, type ScoredMessage } from "./message.ts";

/** Share of |score|, over all messages, that goes when a fifth of the words is taken away. */
export interface DeletionTest {
  /** The words with the greatest |attribution| by each method. */
  readonly top: Readonly<Record<Method, number>>;
  /** Words chosen at random: the mean of several draws. */
  readonly random: number;
}

/** Share of the words that is taken away. */
const DELETED_SHARE = 0.2;
const RANDOM_DRAWS = 5;
const SEED = 7;

/**
 * Takes words away and asks the engine again: if attributions are right, the words that they name
 * carry the score. What is lost counts in the direction of the score, so that a score that changes
 * its sign has lost more than all.
 */
export async function deletionTest(
  scorer: Scorer,
  messages: readonly ScoredMessage[],
): Promise<DeletionTest> {
  const total = messages.reduce((sum, { score }) => sum + Math.abs(score), 0);
  const lost = async (choose: (message: ScoredMessage) => readonly number[]) => {
    const left = messages.map((message) => {
      const deleted = new Set(choose(message).slice(0, deletedCount(message)));
      return message.words.filter((_, i) => !deleted.has(i));
    });
    const scores = await scoreWords(scorer, left);
    const kept = messages.reduce((sum, { score }, i) => sum + Math.sign(score) * scores[i]!, 0);
    return (total - kept) / total;
  };
  const top = {} as Record<Method, number>;
  for (const method of METHODS) {
    top[method] = await lost(({ attributions }) => byMagnitude(attributions[method]));
  }
  const random = createRandom(SEED);
  let sum = 0;
  for (let draw = 0; draw < RANDOM_DRAWS; draw++) {
    sum += await lost(({ words }) => shuffle([...words.keys()], random));
  }
  return { top, random: sum / RANDOM_DRAWS };
}

function deletedCount({ words }: ScoredMessage): number {
  return Math.ceil(DELETED_SHARE * words.length);
}

function byMagnitude(values: readonly number[]): number[] {
  return [...values.keys()].sort((a, b) => Math.abs(values[b]!) - Math.abs(values[a]!) || a - b);
}
