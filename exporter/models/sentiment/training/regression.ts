import { createAdam } from "./adam.ts";

/** A text as the features that it holds; features count once. */
type Features = readonly string[];

/** A fitted logistic regression over the presence of features. */
export interface Regression {
  /** Weight of each feature, in nats. */
  readonly weights: ReadonlyMap<string, number>;
  /** Score of a text without features. */
  readonly bias: number;
  /** Log-odds of "positive"; features that were never seen count nothing. */
  score(features: Features): number;
}

/** How strongly the regression is held back, and how long it is fitted. */
export interface RegressionOptions {
  /** Strength of the squared penalty on the weights. */
  readonly penalty: number;
  /** Features in fewer texts than this are left out. */
  readonly leastTexts: number;
  readonly steps?: number;
}

/** Fits by full-batch gradient descent with a falling rate; the problem is convex. */
export function fitRegression(
  texts: readonly Features[],
  targets: readonly number[],
  { penalty, leastTexts, steps = 150 }: RegressionOptions,
): Regression {
  const indexOf = indexFeatures(texts, leastTexts);
  const rows = texts.map((text) => Int32Array.from(indices(text, indexOf)));
  const size = indexOf.size;
  const weights = new Float64Array(size + 1);
  const gradient = new Float64Array(size + 1);
  const adam = createAdam(size + 1);
  for (let step = 0; step < steps; step++) {
    for (let i = 0; i < size; i++) gradient[i] = penalty * weights[i]!;
    gradient[size] = 0;
    for (let r = 0; r < rows.length; r++) {
      const row = rows[r]!;
      let score = weights[size]!;
      for (let i = 0; i < row.length; i++) score += weights[row[i]!]!;
      const error = 1 / (1 + Math.exp(-score)) - targets[r]!;
      for (let i = 0; i < row.length; i++) gradient[row[i]!]! += error;
      gradient[size]! += error;
    }
    adam.step(weights, gradient, 0.1 * (1 - step / steps));
  }
  const named = new Map<string, number>();
  for (const [feature, i] of indexOf) named.set(feature, weights[i]!);
  const bias = weights[size]!;
  const score = (features: Features) => {
    let sum = bias;
    for (const feature of new Set(features)) sum += named.get(feature) ?? 0;
    return sum;
  };
  return { weights: named, bias, score };
}

function indexFeatures(texts: readonly Features[], leastTexts: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const feature of new Set(text)) counts.set(feature, (counts.get(feature) ?? 0) + 1);
  }
  const indexOf = new Map<string, number>();
  for (const [feature, count] of counts) {
    if (count >= leastTexts) indexOf.set(feature, indexOf.size);
  }
  return indexOf;
}

function indices(text: Features, indexOf: ReadonlyMap<string, number>): Set<number> {
  return new Set(text.flatMap((feature) => indexOf.get(feature) ?? []));
}

/** The features of a text for the teacher: its forms, and each pair of neighbours. */
export function withPairs(forms: readonly string[]): string[] {
  return [...forms, ...forms.slice(1).map((form, i) => `${forms[i]} ${form}`)];
}
