import { readDataset } from "../../models/sentiment/training/dataset.ts";

/** The dataset's messages, as their authors wrote them. */
export const MESSAGES: readonly string[] = readDataset().map(({ text }) => text);

const WORDS: readonly string[] = MESSAGES.join(" ").split(/\s+/);

/**
 * Batches of real messages, other ones in each round until all have had their turn.
 *
 * @param round - from 0
 */
export function batchesOf(round: number, batches: number, size: number): string[][] {
  return Array.from({ length: batches }, (_, k) =>
    Array.from(
      { length: size },
      (_, i) => MESSAGES[((round * batches + k) * size + i) % MESSAGES.length]!,
    ),
  );
}

/** Messages of a given number of words: the dataset's words in their order, cut anew. */
export function messagesOfWords(words: number, count: number, round: number): string[] {
  return Array.from({ length: count }, (_, i) => {
    const from = ((round * count + i) * words) % (WORDS.length - words);
    return WORDS.slice(from, from + words).join(" ");
  });
}
