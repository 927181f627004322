import type { Scorer } from "../../../src/engine/scorer.ts";
import type { LexiconEntry } from "../training/lexicon.ts";
import { isKeptForNegation, LEAST_NEGATED_VALENCE } from "../training/samples.ts";
import { scoreWords } from "./message.ts";

/** How often a negation turns a word round. */
export interface NegationTest {
  /** Words whose negation was kept from training, and what "not" does to them. */
  readonly unseen: NegationOutcome;
  /** Words whose negation was trained. */
  readonly seen: NegationOutcome;
}

/** See {@link NegationTest}; all but `words` are shares. */
export interface NegationOutcome {
  readonly words: number;
  /** "not good" and nothing else: the score has the other sign than that of "good". */
  readonly turnsAlone: number;
  /** "The camera is not good and we use it here.": the score is nearer to zero, or beyond it. */
  readonly weakensInside: number;
  /** The same sentence: the score has the other sign than without "not". */
  readonly turnsInside: number;
}

/** Asks the engine about the lexicon words that the model knows, with and without "not". */
export async function negationTest(
  scorer: Scorer,
  lexicon: readonly LexiconEntry[],
  isKnown: (word: string) => boolean,
): Promise<NegationTest> {
  const words = lexicon
    .filter(({ word, valence }) => Math.abs(valence) >= LEAST_NEGATED_VALENCE && isKnown(word))
    .map(({ word }) => word);
  return {
    unseen: await outcome(scorer, words.filter(isKeptForNegation)),
    seen: await outcome(
      scorer,
      words.filter((word) => !isKeptForNegation(word)),
    ),
  };
}

async function outcome(scorer: Scorer, words: readonly string[]): Promise<NegationOutcome> {
  const ask = (sentence: (word: string) => string) =>
    scoreWords(
      scorer,
      words.map((word) => sentence(word).split(" ")),
    );
  const plain = await ask((word) => word);
  const negated = await ask((word) => `not ${word}`);
  const plainInside = await ask((word) => `The camera is ${word} and we use it here.`);
  const negatedInside = await ask((word) => `The camera is not ${word} and we use it here.`);
  const shareOf = (holds: (i: number) => boolean) =>
    words.filter((_, i) => holds(i)).length / words.length;
  return {
    words: words.length,
    turnsAlone: shareOf((i) => plain[i]! * negated[i]! < 0),
    weakensInside: shareOf(
      (i) => Math.sign(plainInside[i]!) * (plainInside[i]! - negatedInside[i]!) > 0,
    ),
    turnsInside: shareOf((i) => plainInside[i]! * negatedInside[i]! < 0),
  };
}
