import type { Example } from "./examples.ts";
import { fit, type EpochProgress } from "./fit.ts";
import type { LexiconEntry } from "./lexicon.ts";
import { initialWeights, leanOn, type Shape } from "./parameters.ts";
import { createRandom } from "./random.ts";
import type { Recipe } from "./recipe.ts";
import { fitRegression, type Regression } from "./regression.ts";
import { lexiconSamples, negationSamples, textSample } from "./samples.ts";
import { teach } from "./teacher.ts";
import { createTokenizer } from "./tokenizer.ts";
import { chooseVocabulary } from "./vocabulary.ts";

/** What training gives. */
export interface TrainedModel {
  readonly shape: Shape;
  /** The tokens in the order of their ids. */
  readonly tokens: readonly string[];
  readonly weights: Float64Array;
  /** The bag-of-words regression on the same texts, with every word that occurs in them. */
  readonly bagOfWords: Regression;
}

/** What training tells while it works. */
export interface TrainingObserver {
  stage(text: string): void;
  epoch(progress: EpochProgress): void;
}

/** Trains a model on these texts; the same recipe and texts give the same weights. */
export function trainModel(
  examples: readonly Example[],
  lexicon: readonly LexiconEntry[],
  recipe: Recipe,
  observer: TrainingObserver,
): TrainedModel {
  const texts = examples.map(({ forms }) => forms);
  const labels = examples.map(({ label }) => label);

  observer.stage("fitting the bag-of-words regression and choosing the vocabulary");
  const bagOfWords = fitRegression(texts, labels, recipe.bagOfWords);
  const tokens = chooseVocabulary(texts, bagOfWords, lexicon, recipe.vocabulary);
  const tokenize = createTokenizer(tokens);

  observer.stage("fitting the teachers, each without the texts that it scores");
  const lessons = teach(examples, recipe.teacher);
  const samples = [
    ...examples.map((example, i) => textSample(example, lessons[i]!, tokenize, recipe.labelShare)),
    ...lexiconSamples(lexicon, tokenize, recipe.lexiconWeight),
    ...negationSamples(lexicon, tokenize, { ...recipe.negations, seed: recipe.seed }),
  ];

  observer.stage(`fitting the network on ${samples.length} samples`);
  const shape = { ...recipe.shape, vocabulary: tokens.length };
  const random = createRandom(recipe.seed);
  const weights = initialWeights(shape, random);
  const valences = new Map(lexicon.map(({ word, valence }) => [word, valence]));
  const opinions = tokens.map(
    (token) => bagOfWords.weights.get(token) ?? recipe.leanOnLexicon * (valences.get(token) ?? 0),
  );
  leanOn(opinions, recipe.lean, shape, weights);
  fit(shape, weights, samples, recipe.fit, random, (progress) => observer.epoch(progress));
  return { shape, tokens, weights, bagOfWords };
}
