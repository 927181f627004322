import type { AnswerCache } from "../cache/answer-cache.ts";
import { keysOf } from "../cache/key.ts";
import type { ModelInfo, Scores } from "../engine/scorer.ts";
import { mapFairly } from "../fairly.ts";
import { ASK, attribute } from "./attribution.ts";
import type { Batcher } from "./batcher.ts";
import type { Attribution, AttributionMethod, CachedResult, SentimentResult } from "./result.ts";

/** How a request wants its messages analysed. */
export interface AnalyseOptions {
  readonly attribution: AttributionMethod;
  /** "no-store" neither reads nor writes the cache (the request's Cache-Control). */
  readonly cache: "use" | "no-store";
  /** Aborts when the client goes away; work that has not started is dropped. */
  readonly signal: AbortSignal;
}

/** Answers sentiment requests: what the HTTP route calls. */
export interface Analyser {
  /** The engine and model that answer. */
  readonly model: string;
  /** Whether the answers are made up by the simulated engine. */
  readonly simulated: boolean;
  /**
   * Analyses messages; the results are in the order of the messages.
   *
   * @throws HeadroomError with code `model_failed` when the engine fails
   * @throws the signal's reason when it aborts
   */
  analyse(messages: readonly string[], options: AnalyseOptions): Promise<SentimentResult[]>;
}

/** What an analyser needs. */
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
    const requests = messages.map((text) => ({ text, ask: ASK[method] }));
    const scores = await batcher.score(requests, signal);
    return mapFairly(scores, (score) => {
      const result = toResult(score, method);
      if (result.attribution) observer.attributed(result.attribution);
      return result;
    });
  }

  async function analyse(
    messages: readonly string[],
    { attribution, cache: use, signal }: AnalyseOptions,
  ): Promise<SentimentResult[]> {
    let results: SentimentResult[];
    if (use === "no-store") {
      const computed = await compute(messages, attribution, signal);
      results = computed.map((result) => ({ ...result, cached: false }));
    } else {
      const options = { attribution, fingerprint: model.fingerprint };
      const keys = messages.map(keysOf({ task: "sentiment", model: model.id, options }));
      const resolved = await cache.resolve(
        keys,
        (indexes, shared) => {
          const missing = indexes.map((index) => messages[index]!);
          return compute(missing, attribution, shared);
        },
        signal,
      );
      results = resolved.map(({ value, cached }) => ({ ...value, cached }));
    }
    observer.answered(results);
    return results;
  }

  return { model: model.id, simulated: model.engine === "simulated", analyse };
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
