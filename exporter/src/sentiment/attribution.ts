import type { Ask, Scores } from "../engine/scorer.ts";
import type { Attribution, AttributionMethod, UndefinedReason } from "./result.ts";

/** What the engine must be asked for each method. */
export const ASK: Record<AttributionMethod, Ask> = {
  none: "whole",
  prefix: "prefixes",
  occlusion: "without",
};

/**
 * The attribution of each word, in nats.
 *
 * - occlusion: `s(x) - s(x without word i)`
 * - prefix: `s(x_1..x_i) - s(x_1..x_(i-1))`; these sum to `s(x) - s(empty)`
 */
export function attributions(method: Attribution["method"], scores: Scores): number[] {
  return method === "occlusion"
    ? scores.each.map((without) => scores.whole - without)
    : scores.each.map((prefix, i) => prefix - (scores.each[i - 1] ?? scores.empty));
}

/** Which words carried the score, with the quality of that attribution. */
export function attribute(method: Attribution["method"], scores: Scores): Attribution {
  const values = attributions(method, scores);
  const reason = undefinedReason(values, scores);
  return {
    method,
    bounds: scores.bounds,
    values,
    entropy: reason ? null : entropy(values)!,
    sparsity: reason ? null : sparsity(values)!,
    ...(reason && { undefinedReason: reason }),
  };
}

function undefinedReason(values: readonly number[], scores: Scores): UndefinedReason | undefined {
  if (scores.known === 0) return "no_known_word";
  if (values.length === 1) return "one_word";
  return values.every((value) => value === 0) ? "all_zero" : undefined;
}

/**
 * Entropy of the shares of |attribution|, in nats: "complexity" in Bhatt, Weller, Moura,
 * "Evaluating and Aggregating Feature-based Model Explanations" (IJCAI 2020), definition 5:
 * `-sum p_i ln(p_i + 1e-12)` with `p_i = |a_i| / sum |a|`.
 *
 * Between 0 (one word decides) and ln n (all n words weigh the same).
 *
 * @returns undefined when there are fewer than two values, or all are zero
 */
export function entropy(attributions: readonly number[]): number | undefined {
  const total = totalMagnitude(attributions);
  if (attributions.length < 2 || total === 0) return undefined;
  let sum = 0;
  for (const a of attributions) {
    const p = Math.abs(a) / total;
    sum -= p * Math.log(p + 1e-12);
  }
  // The 1e-12 lets a single word come out at -1e-12.
  return Math.max(0, sum);
}

/**
 * Sparsity: the Gini index of |attribution|, as in Chalasani et al., "Concise Explanations of
 * Neural Networks using Adversarial Training" (ICML 2020), section 4, with Quantus' offset of
 * 1e-7: for `b = sorted(|a| + 1e-7)`, `sum_i (2i - n - 1) b_i / (n sum b)`.
 *
 * Between 0 (all words weigh the same) and 1 - 1/n (one word decides).
 *
 * @returns undefined when there are fewer than two values, or all are zero
 */
export function sparsity(attributions: readonly number[]): number | undefined {
  const n = attributions.length;
  if (n < 2 || totalMagnitude(attributions) === 0) return undefined;
  const sorted = new Float64Array(n);
  for (let i = 0; i < n; i++) sorted[i] = Math.abs(attributions[i]!) + 1e-7;
  sorted.sort();
  let weighted = 0;
  let total = 0;
  for (let i = 0; i < n; i++) {
    weighted += (2 * (i + 1) - n - 1) * sorted[i]!;
    total += sorted[i]!;
  }
  return weighted / (n * total);
}

function totalMagnitude(attributions: readonly number[]): number {
  let total = 0;
  for (const a of attributions) total += Math.abs(a);
  return total;
}
