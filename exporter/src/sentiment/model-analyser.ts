import type { AnswerCache } from "../cache/answer-cache.ts";
import { keysOf } from "../cache/key.ts";
import type { ModelInfo, Scores } from "../engine/scorer.ts";
import { mapFairly } from "../fairly.ts";
import type { Analyser, AnalyseOptions } from "./analyser.ts";
import { ASK, attribute } from "./attribution.ts";
import type { Batcher } from "./batcher.ts";
import type { AttributionMethod, Attribution, SentimentResult } from "./result.ts";

/** An answer as the cache keeps it. */
export type CachedResult = Omit<SentimentResult, "cached">;

/** What {@link createAnalyser} puts together. */
export interface AnalyserParts {
  readonly model: ModelInfo;
  readonly batcher: Batcher;
  readonly cache: AnswerCache<CachedResult>;
  readonly observer: {
    /** The messages of a request that was answered. */
    answered(results: readonly SentimentResult[]): void;
    /** Every attribution that was computed; one from the cache is not computed. */
    attributed(attribution: Attribution): void;
  };
}

/** Creates the analyser that answers from the cache where it can, and else asks the model. */
export function createAnalyser({ model, batcher, cache, observer }: AnalyserParts): Analyser {
  async function compute(
    messages: readonly string[],
    method: AttributionMethod,
    signal: AbortSignal,
  ): Promise<CachedResult[]> {
    const ask = ASK[method];
    const requests = messages.map((text) => ({ text, ask }));
    const scores = await batcher.score(requests, signal);
    return mapFairly(scores, (score) => {
      const result = toResult(score, method);
      if (result.attribution) observer.attributed(result.attribution);
      return result;
    });
  }

  async function resolve(
    messages: readonly string[],
    { attribution, cache: use, signal }: AnalyseOptions,
  ): Promise<SentimentResult[]> {
    if (use === "no-store") {
      const results = await compute(messages, attribution, signal);
      return results.map((result) => ({ ...result, cached: false }));
    }
    const options = { attribution, fingerprint: model.fingerprint };
    const keys = messages.map(keysOf({ task: "sentiment", model: model.id, options }));
    const resolved = await cache.resolve(
      keys,
      (indexes, shared) =>
        compute(
          indexes.map((index) => messages[index]!),
          attribution,
          shared,
        ),
      signal,
    );
    return resolved.map(({ value, cached }) => ({ ...value, cached }));
  }

  return {
    model: model.id,
    simulated: model.engine === "simulated",
    async analyse(messages, options) {
      const results = await resolve(messages, options);
      observer.answered(results);
      return results;
    },
  };
}

function toResult(scores: Scores, method: AttributionMethod): CachedResult {
  // Without a known word the model's answer would be its bias, not evidence.
  const score = scores.known === 0 ? 0 : scores.whole;
  return {
    label: scores.known === 0 ? "neutral" : score >= 0 ? "positive" : "negative",
    score,
    probability: 1 / (1 + Math.exp(-score)),
    ...(scores.truncated && { truncated: true as const }),
    ...(method !== "none" && { attribution: attribute(method, scores) }),
  };
}
