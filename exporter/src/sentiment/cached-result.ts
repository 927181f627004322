import { z } from "zod";
import { ATTRIBUTION_METHODS } from "./result.ts";
import type { CachedResult } from "./model-analyser.ts";

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
