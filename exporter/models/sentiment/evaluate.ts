import { mean } from "simple-statistics";
import type { Scorer } from "../../src/engine/scorer.ts";
import {
  attributionQuality,
  deletionTest,
  scoreMessages,
  scoreTexts,
  topWordAgreement,
  type AttributionQuality,
  type DeletionTest,
  type Method,
  type ScoredMessage,
} from "./attribution.ts";
import { SET_NAMES, type Example, type LexiconEntry, type SetName } from "./training/dataset.ts";
import { createNetwork } from "./training/network.ts";
import { isKeptForNegation, LEAST_NEGATED_VALENCE } from "./training/samples.ts";
import type { TrainedModel } from "./training/train-model.ts";
import { BEGIN, createTokenizer } from "./training/vocabulary.ts";

/** The figures that need only the model file and the engine. */
export interface EngineFigures {
  readonly accuracy: BySet;
  /** Words that a message has, and those of them that the model knows: means. */
  readonly wordsPerMessage: { readonly written: number; readonly known: number };
  readonly attribution: Readonly<Record<Method, AttributionQuality>>;
  readonly topWordAgreement: number;
  readonly deletion: DeletionTest;
}

/** Measures a model file through the engine, on texts that it was not trained on. */
export async function evaluateFile(
  scorer: Scorer,
  test: readonly Example[],
): Promise<{ figures: EngineFigures; messages: ScoredMessage[] }> {
  const messages = await scoreMessages(scorer, test);
  const scores = messages.map(({ score }) => score);
  const figures = {
    accuracy: accuracy(test, scores),
    wordsPerMessage: {
      written: mean(messages.map(({ words }) => words.length)),
      known: mean(messages.map(({ known }) => known)),
    },
    attribution: {
      prefix: attributionQuality(messages, "prefix"),
      occlusion: attributionQuality(messages, "occlusion"),
    },
    topWordAgreement: topWordAgreement(messages),
    deletion: await deletionTest(scorer, messages),
  };
  return { figures, messages };
}

/** The figures that compare the file with the trainer and with the bag of words. */
export interface TrainingFigures {
  /** Of the bag-of-words regression that was fitted on the same texts, with all their words. */
  readonly bagOfWordsAccuracy: BySet;
  /** Words whose negation was kept from training, and what "not" does to them; and all others. */
  readonly negation: Readonly<Record<"unseen" | "seen", NegationOutcome>>;
  /** Greatest difference between the engine's score and the trainer's, over the test part. */
  readonly greatestScoreDifference: number;
}

/** Measures a model file against what its training says. */
export async function compareWithTraining(
  scorer: Scorer,
  model: TrainedModel,
  lexicon: readonly LexiconEntry[],
  test: readonly Example[],
  messages: readonly ScoredMessage[],
): Promise<TrainingFigures> {
  const tokenize = createTokenizer(model.tokens);
  const sequences = test.map(({ forms }) => [BEGIN, ...tokenize(forms)]);
  const network = createNetwork(model.shape, Math.max(...sequences.map(({ length }) => length)));
  const differences = sequences.map((ids, i) =>
    Math.abs(network.forward(model.weights, ids)[ids.length - 1]! - messages[i]!.score),
  );
  const bagOfWords = test.map(({ forms }) => model.bagOfWords.score(forms));
  const isNegated = ({ word, valence }: LexiconEntry) =>
    Math.abs(valence) >= LEAST_NEGATED_VALENCE && tokenize([word]).length > 0;
  const words = lexicon.filter(isNegated).map(({ word }) => word);
  const trained = words.filter((word) => !isKeptForNegation(word));
  return {
    bagOfWordsAccuracy: accuracy(test, bagOfWords),
    negation: {
      unseen: await negate(scorer, words.filter(isKeptForNegation)),
      seen: await negate(scorer, trained),
    },
    greatestScoreDifference: Math.max(...differences),
  };
}

/** A share for each data set. */
export type BySet = Readonly<Record<SetName, Share>>;

/** Accuracy by data set; a score above zero says "positive". */
function accuracy(examples: readonly Example[], scores: readonly number[]): BySet {
  const isRight = ({ label }: Example, i: number) => scores[i]! > 0 === (label === 1);
  const bySet = SET_NAMES.map((set): [SetName, Share] => {
    const hits = examples.filter((example, i) => example.set === set && isRight(example, i));
    return [set, share(hits.length, examples.filter((example) => example.set === set).length)];
  });
  return Object.fromEntries(bySet) as Record<SetName, Share>;
}

/** Quantile of the normal distribution for 95 %. */
const Z = 1.959964;

/** A share with its 95 % confidence interval. */
export interface Share {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** How many were counted. */
  readonly of: number;
}

/** The share `hits / of` with Wilson's score interval (Wilson 1927). */
export function share(hits: number, of: number): Share {
  const p = hits / of;
  const z2 = Z * Z;
  const middle = (p + z2 / (2 * of)) / (1 + z2 / of);
  const half = (Z / (1 + z2 / of)) * Math.sqrt((p * (1 - p)) / of + z2 / (4 * of * of));
  return { value: p, low: middle - half, high: middle + half, of };
}

/** What "not" does to some words; all but `words` are shares. */
interface NegationOutcome {
  readonly words: number;
  /** "not good" and nothing else: the score has the other sign than that of "good". */
  readonly turnsAlone: number;
  /** "The camera is not good and we use it here.": the score is nearer to zero, or beyond it. */
  readonly weakensInside: number;
  /** The same sentence: the score has the other sign than without "not". */
  readonly turnsInside: number;
}

/** Asks the engine about words with and without "not". */
async function negate(scorer: Scorer, words: readonly string[]): Promise<NegationOutcome> {
  const ask = (sentence: (word: string) => string) => scoreTexts(scorer, words.map(sentence));
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
