import type { Example, LexiconEntry } from "./dataset.ts";
import { createRandom } from "./random.ts";
import { fitRegression, withPairs, type RegressionOptions } from "./regression.ts";
import { NEGATIONS, type Tokenize } from "./vocabulary.ts";

/** Into how many parts the texts are cut so that no text is scored by a teacher that saw it. */
const FOLDS = 8;

/**
 * Scores every prefix of every text by a unigram and bigram regression that was fitted without
 * that text.
 *
 * @returns for each text, the log-odds of "positive" after each form, without the bias
 */
export function teach(examples: readonly Example[], options: RegressionOptions): number[][] {
  const texts = examples.map(({ forms }) => withPairs(forms));
  const lessons = new Array<number[]>(examples.length);
  for (let fold = 0; fold < FOLDS; fold++) {
    const others = examples.map((_, i) => i).filter((i) => i % FOLDS !== fold);
    const teacher = fitRegression(
      others.map((i) => texts[i]!),
      others.map((i) => examples[i]!.label),
      options,
    );
    for (let i = fold; i < examples.length; i += FOLDS) {
      lessons[i] = prefixScores(examples[i]!.forms, teacher.weights);
    }
  }
  return lessons;
}

/** The sum of the weights of what has been read, each feature once, after each form. */
function prefixScores(forms: readonly string[], weights: ReadonlyMap<string, number>): number[] {
  const seen = new Set<string>();
  let score = 0;
  const read = (feature: string) => {
    if (seen.has(feature)) return;
    seen.add(feature);
    score += weights.get(feature) ?? 0;
  };
  return forms.map((form, i) => {
    read(form);
    if (i > 0) read(`${forms[i - 1]} ${form}`);
    return score;
  });
}

/** A sequence of tokens, without the first one, and what the network should say after each. */
export interface Sample {
  readonly ids: readonly number[];
  /** Probability of "positive" to aim at after each token. */
  readonly targets: readonly number[];
  /** How much it counts; a text counts 1. */
  readonly weight: number;
  /** Whether tokens may be left out at random. */
  readonly droppable: boolean;
}

/** The logistic function: from log-odds to a probability. */
export function logistic(score: number): number {
  return 1 / (1 + Math.exp(-score));
}

/** A text aims at a mix of its label and of what the teacher thinks after each word. */
export function textSample(
  example: Example,
  lesson: readonly number[],
  tokenize: Tokenize,
  labelShare: number,
): Sample {
  const ids: number[] = [];
  const targets: number[] = [];
  example.forms.forEach((form, i) => {
    for (const id of tokenize([form])) {
      ids.push(id);
      targets.push(labelShare * example.label + (1 - labelShare) * logistic(lesson[i]!));
    }
  });
  return { ids, targets, weight: 1, droppable: true };
}

/** A lexicon word alone aims at its valence, taken as log-odds. */
export function lexiconSamples(
  lexicon: readonly LexiconEntry[],
  tokenize: Tokenize,
  weight: number,
): Sample[] {
  return lexicon.flatMap(({ word, valence }) => {
    const ids = tokenize([word]);
    return ids.length === 0
      ? []
      : [{ ids, targets: [logistic(valence)], weight, droppable: false }];
  });
}

/** Log-odds that a negated good word, and a negated bad word, aim at: "not bad" is faint praise. */
const NEGATED_GOOD = -1.5;
const NEGATED_BAD = 0.7;
/** Only words that mean something are negated. */
export const LEAST_NEGATED_VALENCE = 1.2;

/** Whether a word's negation is kept from training, so that the card can measure it. */
export function isKeptForNegation(word: string): boolean {
  let sum = 0;
  for (let i = 0; i < word.length; i++) sum = (sum * 31 + word.charCodeAt(i)) % 1009;
  return sum % 5 === 0;
}

/** Each lexicon word after some of the negations, alone: "not good" aims at negative. */
export function negationSamples(
  lexicon: readonly LexiconEntry[],
  tokenize: Tokenize,
  { each, weight, seed }: { each: number; weight: number; seed: number },
): Sample[] {
  const random = createRandom(seed);
  const samples: Sample[] = [];
  for (const { word, valence } of lexicon) {
    if (Math.abs(valence) < LEAST_NEGATED_VALENCE || isKeptForNegation(word)) continue;
    for (let i = 0; i < each; i++) {
      const negation = NEGATIONS[Math.floor(random() * NEGATIONS.length)]!;
      const ids = tokenize([negation, word]);
      if (ids.length !== 2) continue;
      const target = logistic(valence > 0 ? NEGATED_GOOD : NEGATED_BAD);
      samples.push({ ids, targets: [0.5, target], weight, droppable: false });
    }
  }
  return samples;
}
