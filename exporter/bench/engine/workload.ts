import { readDataset } from "../../models/sentiment/training/dataset.ts";

/** The dataset's messages, as their authors wrote them. */
export const MESSAGES: readonly string[] = readDataset().map(({ text }) => text);

const WORDS: readonly string[] = MESSAGES.join(" ").split(/\s+/);

/** Messages as they would arrive in requests. */
export type Batches = readonly (readonly string[])[];

/** Requests that are in work at once, as under load; a lone one would leave workers idle at its end. */
export const IN_FLIGHT = 8;

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

/** A way to have messages scored, which is measured beside others. */
export interface Contender extends AsyncDisposable {
  /** Short name, for programs. */
  readonly id: string;
  readonly name: string;
  /** What its time includes, in words. */
  readonly includes: string;
  /** The share of a round's batches that it gets, because it is slow; all when absent. */
  readonly share?: number;
  /** Takes in what `run` gets next, before the time starts. */
  prepare?(batches: Batches): void;
  /**
   * Scores messages with all their prefixes, as fast as it can.
   *
   * @returns the sum of the whole messages' scores, in nats, where it is known
   */
  run(batches: Batches): Promise<number | undefined>;
}

/** One that is not on this machine, and how to get it. */
export interface Absent extends Pick<Contender, "id" | "name"> {
  readonly absent: string;
}
