import type { FitOptions } from "./fit.ts";
import type { Shape } from "./parameters.ts";
import type { RegressionOptions } from "./regression.ts";
import type { VocabularyOptions } from "./vocabulary.ts";

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
