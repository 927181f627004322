import type { Scorer } from "../../../src/engine/scorer.ts";
import { attributions } from "../../../src/sentiment/attribution.ts";
import { wordsAt } from "../../../src/sentiment/words.ts";
import type { Example } from "../training/examples.ts";

/** The methods whose attributions are judged. */
export const METHODS = ["prefix", "occlusion"] as const;

/** A method of attribution. */
export type Method = (typeof METHODS)[number];

/** What the engine says about one message. */
export interface ScoredMessage {
  readonly words: readonly string[];
  readonly score: number;
  /** How many of the words the model knows. */
  readonly known: number;
  /** One attribution a word, in nats. */
  readonly attributions: Readonly<Record<Method, readonly number[]>>;
}

/** As many messages as the API takes at once. */
const BATCH = 128;

/** Scores every text and attributes its score by both methods, through the engine. */
export async function scoreMessages(
  scorer: Scorer,
  examples: readonly Example[],
): Promise<ScoredMessage[]> {
  const messages: ScoredMessage[] = [];
  for (let from = 0; from < examples.length; from += BATCH) {
    const batch = examples.slice(from, from + BATCH);
    const prefix = await scorer.score(batch.map(({ text }) => ({ text, ask: "prefixes" })));
    const occlusion = await scorer.score(batch.map(({ text }) => ({ text, ask: "without" })));
    batch.forEach(({ text }, i) =>
      messages.push({
        words: wordsAt(text, prefix[i]!.bounds),
        score: prefix[i]!.whole,
        known: prefix[i]!.known,
        attributions: {
          prefix: attributions("prefix", prefix[i]!),
          occlusion: attributions("occlusion", occlusion[i]!),
        },
      }),
    );
  }
  return messages;
}

/** Scores of texts that are already words, through the engine, which splits them at the spaces again. */
export async function scoreWords(
  scorer: Scorer,
  texts: readonly (readonly string[])[],
): Promise<number[]> {
  const scores: number[] = [];
  for (let from = 0; from < texts.length; from += BATCH) {
    const batch = texts
      .slice(from, from + BATCH)
      .map((words) => ({ text: words.join(" "), ask: "whole" as const }));
    for (const { whole } of await scorer.score(batch)) scores.push(whole);
  }
  return scores;
}
