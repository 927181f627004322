import { z } from "zod";

/** How attributions are computed; the methods are not interchangeable, so every answer names its own. */
export const ATTRIBUTION_METHODS = ["none", "prefix", "occlusion"] as const;

/** See {@link ATTRIBUTION_METHODS}. */
export type AttributionMethod = (typeof ATTRIBUTION_METHODS)[number];

/** Neutral means that the message held no word that the model knows. */
export type Label = "positive" | "negative" | "neutral";

/** Why entropy and sparsity have no value. */
export type UndefinedReason = "no_known_word" | "one_word" | "all_zero";

/** Which words carried the score, and how concentrated they are. */
export interface Attribution {
  readonly method: Exclude<AttributionMethod, "none">;
  /**
   * Where the words begin and end in the message, as `wordBounds` gives them; never the words, because
   * answers are kept where texts must not be.
   */
  readonly bounds: readonly number[];
  /** The attribution of each word, in nats. */
  readonly values: readonly number[];
  /** Entropy of the shares of |attribution|, in nats; null when undefined. */
  readonly entropy: number | null;
  /** Gini index of |attribution|, 0 to 1; null when undefined. */
  readonly sparsity: number | null;
  /** Present when entropy and sparsity are null. */
  readonly undefinedReason?: UndefinedReason;
}

/** The answer for one message. */
export interface SentimentResult {
  readonly label: Label;
  /** `logit(positive) - logit(negative)`, in nats. */
  readonly score: number;
  /** Probability of "positive", from 0 to 1: the logistic function of the score. */
  readonly probability: number;
  /** Whether the answer came from the cache. */
  readonly cached: boolean;
  /** Present when words at the end were left out because the model's context is full. */
  readonly truncated?: true;
  /** Absent when no attribution was asked for. */
  readonly attribution?: Attribution;
}

/** An answer as the cache keeps it. */
export type CachedResult = Omit<SentimentResult, "cached">;

const schema: z.ZodType<CachedResult> = z.strictObject({
  label: z.enum(["positive", "negative", "neutral"]),
  score: z.number(),
  probability: z.number().min(0).max(1),
  truncated: z.literal(true).optional(),
  attribution: z
    .strictObject({
      method: z.enum(ATTRIBUTION_METHODS).exclude(["none"]),
      bounds: z.array(z.int().nonnegative()),
      values: z.array(z.number()),
      entropy: z.number().nullable(),
      sparsity: z.number().nullable(),
      undefinedReason: z.enum(["no_known_word", "one_word", "all_zero"]).optional(),
    })
    .refine(({ bounds, values }) => bounds.length === 2 * values.length && isAscending(bounds))
    .optional(),
}) as z.ZodType<CachedResult>;

/**
 * Checks an answer that comes from outside this process.
 *
 * @throws ZodError when it has another shape
 */
export function parseCachedResult(value: unknown): CachedResult {
  return schema.parse(value);
}

function isAscending(bounds: readonly number[]): boolean {
  return bounds.every((bound, i) => i === 0 || bounds[i - 1]! <= bound);
}
