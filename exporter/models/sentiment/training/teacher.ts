import type { Example } from "./examples.ts";
import { features, fitRegression, type RegressionOptions } from "./regression.ts";

/** Into how many parts the texts are cut so that no text is scored by a teacher that saw it. */
const FOLDS = 8;

/** What the teacher thinks of a text as it is read. */
export interface Lesson {
  /** Log-odds of "positive" after each form, without what the teacher thinks of no text at all. */
  readonly scores: readonly number[];
}

/**
 * Scores every prefix of every text by a unigram and bigram regression that was fitted without
 * that text.
 */
export function teach(examples: readonly Example[], options: RegressionOptions): Lesson[] {
  const texts = examples.map(({ forms }) => features(forms, true));
  const lessons = new Array<Lesson>(examples.length);
  for (let fold = 0; fold < FOLDS; fold++) {
    const others = examples.map((_, i) => i).filter((i) => i % FOLDS !== fold);
    const teacher = fitRegression(
      others.map((i) => texts[i]!),
      others.map((i) => examples[i]!.label),
      options,
    );
    for (let i = fold; i < examples.length; i += FOLDS) {
      lessons[i] = { scores: prefixScores(examples[i]!.forms, teacher.weights) };
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
