import type { Ask, Scores } from "../engine/scorer.ts";
import { entropy, sparsity } from "./quality.ts";
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
