import { HeadroomError } from "../../../errors.ts";
import type { ScoreRequest, Scores } from "../../scorer.ts";
import type { Tokenize } from "../encoder.ts";

/** What keeps the C API from being used; its message goes on after "because". */
export class NotProven extends Error {}

/**
 * How far the same score may be apart, in nats. Weights of 32 bits leave rounding alone; quantised ones
 * are multiplied in another order when more tokens are evaluated together, and what a layer then rounds
 * to 8 bits differs.
 */
export const TOLERANCE = { exact: 1e-4, quantised: 0.5 } as const;

/**
 * The same for a graphics processor, which adds in another order, and in part with fewer bits: 5.5e-4 was
 * seen of the embedded model. It does not round to 8 bits what meets quantised weights, as the processor
 * does: 1.05 was seen of a model in 4 bits.
 */
export const DEVICE_TOLERANCE = { exact: 1e-2, quantised: 2 } as const;

/**
 * Every way of asking, in one batch: a word, one that most models do not know, and a message with all
 * its prefixes and gaps. Short, because a large model takes seconds for it.
 */
export const PROBE: readonly ScoreRequest[] = [
  { text: "great", ask: "whole" },
  { text: "zzyzx", ask: "prefixes" },
  { text: "boring film but good", ask: "prefixes" },
  { text: "boring film but good", ask: "without" },
];

/** Texts of every kind, each tokenized on its own: plain, foreign, without a word, with marks. */
export const TEXTS: readonly string[] = [
  ...["great", " great", "zzyzx", "I", "film.", "can't", "12.50", "the film ends"],
  ...["caf\u00e9", "cafe\u0301", "\u6f22\u5b57", "\u{1f600}", "<s>", "</s>", "\u2581x", "\ufffd"],
  "a".repeat(300),
];

/**
 * Refuses a model that does not answer {@link PROBE} with numbers, as one does whose weights or settings
 * are damaged: what is no number is no score of anything.
 *
 * @throws HeadroomError `model_failed`
 */
export function requireNumbers(scores: readonly Scores[]): void {
  if (scores.flatMap(figures).every(Number.isFinite)) return;
  throw new HeadroomError(
    "model_failed",
    "The model is damaged: its scores are no numbers. Set HEADROOM_MODEL to another one, or fetch this one again.",
  );
}

/**
 * Compares what the library makes of {@link TEXTS} with what node-llama-cpp made of them.
 *
 * @throws NotProven with the number of the first text that differs
 */
export function proveTokens(expected: readonly (readonly number[])[], tokenize: Tokenize): void {
  const differing = TEXTS.findIndex((text, i) => String(tokenize(text)) !== String(expected[i]));
  if (differing === -1) return;
  throw new NotProven(`it makes other tokens of ${JSON.stringify(TEXTS[differing])}`);
}

/**
 * Compares a library's scores of {@link PROBE} with node-llama-cpp's.
 *
 * @param tolerance - the most that a score may differ, in nats
 * @throws NotProven with the largest difference
 */
export function proveScores(
  expected: readonly Scores[],
  found: readonly Scores[],
  tolerance: number,
): void {
  const differences = expected.flatMap((scores, i) => {
    const others = found[i] ? figures(found[i]) : [];
    return figures(scores).map((value, k) => Math.abs(value - (others[k] ?? NaN)));
  });
  // Written so that a score which is no number is refused too.
  if (differences.every((difference) => difference <= tolerance)) return;
  const largest = Math.max(...differences);
  throw new NotProven(
    `its scores differ from node-llama-cpp's by ${largest.toPrecision(2)}, and ${tolerance} is allowed`,
  );
}

/** All that must agree, in a fixed order. */
function figures({ whole, empty, known, truncated, each }: Scores): number[] {
  return [whole, empty, known, Number(truncated), each.length, ...each];
}
