import type { Example, LexiconEntry } from "./dataset.ts";
import { type EpochProgress, fit, type FitOptions } from "./fit.ts";
import { initialWeights, leanOn, type Shape } from "./network.ts";
import { createRandom } from "./random.ts";
import { fitRegression, type Regression, type RegressionOptions } from "./regression.ts";
import { lexiconSamples, negationSamples, teach, textSample } from "./samples.ts";
import { chooseVocabulary, createTokenizer, type VocabularyOptions } from "./vocabulary.ts";

/** Everything that decides what training gives, besides the data. */
export interface Recipe {
  readonly seed: number;
  readonly vocabulary: VocabularyOptions;
  readonly shape: Omit<Shape, "vocabulary">;
  /** The regression that chooses words, and that the model is compared with. */
  readonly bagOfWords: RegressionOptions;
  readonly teacher: RegressionOptions;
  /** Share of the label in what a text aims at; the rest is the teacher's. */
  readonly labelShare: number;
  /** How much a lexicon word counts. */
  readonly lexiconWeight: number;
  /** Negated lexicon words: how many for each word, and how much each counts. */
  readonly negations: { readonly each: number; readonly weight: number };
  /** How far embeddings start along the label direction. */
  readonly lean: number;
  /** What the lexicon's valence counts where the texts never had the word. */
  readonly leanOnLexicon: number;
  readonly fit: FitOptions;
}

/** The recipe of the committed model, chosen by cross-validation on everything but the test part. */
export const RECIPE: Recipe = {
  seed: 1,
  vocabulary: { size: 2048, fromLexicon: 100, leastTexts: 2 },
  shape: { width: 32, heads: 2, inner: 64, ropeBase: 10_000, epsilon: 1e-5 },
  bagOfWords: { penalty: 1, leastTexts: 1 },
  teacher: { penalty: 1, leastTexts: 1 },
  labelShare: 0.5,
  lexiconWeight: 0.5,
  negations: { each: 4, weight: 1 },
  lean: 0.3,
  leanOnLexicon: 0.3,
  fit: {
    epochs: 7,
    batch: 64,
    rate: 0.003,
    decay: 0.5,
    dropWords: 0.3,
    lastShare: 0.3,
    longest: 64,
  },
};

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
interface TrainingObserver {
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
