import { z } from "zod";
import type { TypeOf } from "../type-of.ts";

/** How attributions are computed; the methods are not interchangeable, so every answer names its own. */
export const ATTRIBUTION_METHODS = ["none", "prefix", "occlusion"] as const;

/** See {@link ATTRIBUTION_METHODS}. */
export type AttributionMethod = (typeof ATTRIBUTION_METHODS)[number];

/** Which words carried the score of a message, and how concentrated they are. */
export const ATTRIBUTION = z.strictObject({
  method: z.enum(ATTRIBUTION_METHODS).exclude(["none"]),
  // Never the words, because answers are kept where texts must not be.
  bounds: z.array(z.int().nonnegative()).describe("As `wordBounds` gives them."),
  values: z.array(z.number()).describe("The attribution of each word, in nats."),
  entropy: z.number().nullable().describe("Of the shares of |attribution|, in nats."),
  sparsity: z.number().nullable().describe("Gini index of |attribution|, 0 to 1."),
  undefinedReason: z
    .enum(["no_known_word", "one_word", "all_zero"])
    .exactOptional()
    .describe("Why entropy and sparsity are null; present only then."),
});

/** See {@link ATTRIBUTION}. */
export type Attribution = TypeOf<typeof ATTRIBUTION>;

/** Why entropy and sparsity have no value. */
export type UndefinedReason = NonNullable<Attribution["undefinedReason"]>;

/** The result of one message. */
export const SENTIMENT_RESULT = z.strictObject({
  label: z.enum(["positive", "negative", "neutral"]).describe("Neutral: no word is known."),
  score: z.number().describe("logit(positive) - logit(negative), in nats."),
  probability: z.number().min(0).max(1).describe('Of "positive": the logistic of the score.'),
  cached: z.boolean().describe("Whether the result came from the cache."),
  truncated: z.literal(true).exactOptional().describe("Words at the end did not fit."),
  /** Absent when no attribution was asked for. */
  attribution: ATTRIBUTION.exactOptional(),
});

/** See {@link SENTIMENT_RESULT}. */
export type SentimentResult = TypeOf<typeof SENTIMENT_RESULT>;

/** See {@link SENTIMENT_RESULT}. */
export type Label = SentimentResult["label"];

const CACHED_RESULT = SENTIMENT_RESULT.omit({ cached: true }).extend({
  attribution: ATTRIBUTION.refine(
    ({ bounds, values }) => bounds.length === 2 * values.length && isAscending(bounds),
  ).exactOptional(),
});

/** A result as the cache keeps it. */
export type CachedResult = TypeOf<typeof CACHED_RESULT>;

/**
 * Checks an answer that comes from outside this process.
 *
 * @throws ZodError when it has another shape
 */
export function parseCachedResult(value: unknown): CachedResult {
  return CACHED_RESULT.parse(value);
}

function isAscending(bounds: readonly number[]): boolean {
  return bounds.every((bound, i) => i === 0 || bounds[i - 1]! <= bound);
}
