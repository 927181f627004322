import type { Example } from "./examples.ts";
import { features, fitRegression, type RegressionOptions } from "./regression.ts";

/** Into how many parts the texts are cut so that no text is scored by a teacher that saw it. */
const FOLDS = 10;

/**
 * Scores of a unigram and bigram regression, each text by one that was fitted without it.
 *
 * @returns log-odds of "positive", in the order of the examples
 */
export function outOfFoldScores(
  examples: readonly Example[],
  options: RegressionOptions,
): Float64Array {
  const texts = examples.map(({ forms }) => features(forms, true));
  const scores = new Float64Array(examples.length);
  for (let fold = 0; fold < FOLDS; fold++) {
    const others = examples.map((_, i) => i).filter((i) => i % FOLDS !== fold);
    const teacher = fitRegression(
      others.map((i) => texts[i]!),
      others.map((i) => examples[i]!.label),
      options,
    );
    for (let i = fold; i < examples.length; i += FOLDS) scores[i] = teacher.score(texts[i]!);
  }
  return scores;
}
