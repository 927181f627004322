import { setTimeout as sleep } from "node:timers/promises";
import { HeadroomError } from "../../errors.ts";
import { wordBounds, wordsAt } from "../../sentiment/words.ts";
import type { ScoreRequest, Scorer, Scores } from "../scorer.ts";
import { isFaulty, weightsOf, type Weighting } from "./profiles.ts";

/** How the simulated engine behaves; faults are injected here and nowhere else. */
export interface SimulationProfile {
  /** Added to every batch, in seconds. */
  readonly latencySeconds: number;
  /** Share of batches that fail, 0 to 1. */
  readonly errorRatio: number;
  /** How a message's score is spread over its words; natural by default. */
  readonly weighting?: Weighting;
}

/**
 * A Scorer without a model: each word has a weight that follows from its letters, and a message's
 * score is the sum. The same batches give the same answers and the same faults.
 */
export function createSimulatedScorer(profile: SimulationProfile): Scorer {
  const { latencySeconds, errorRatio, weighting = "natural" } = profile;
  let batches = 0;
  return {
    model: {
      id: "simulated",
      // The words' weights are all that its scores follow from.
      fingerprint: weighting,
      engine: "simulated",
      architecture: "none",
      memoryBytes: 0,
    },
    failure: undefined,
    async score(requests, { signal } = {}) {
      signal?.throwIfAborted();
      if (latencySeconds > 0) {
        await sleep(latencySeconds * 1000, undefined, signal ? { signal } : {});
      }
      batches++;
      if (isFaulty(batches, errorRatio)) {
        throw new HeadroomError(
          "model_failed",
          "The simulated engine failed, as its profile says.",
        );
      }
      return requests.map((request) => scoresOf(request, weighting));
    },
    close: async () => {},
  };
}

function scoresOf({ text, ask }: ScoreRequest, weighting: Weighting): Scores {
  const bounds = wordBounds(text);
  const weights = weightsOf(wordsAt(text, bounds), weighting);
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  let prefix = 0;
  const each = {
    whole: () => [],
    prefixes: () => weights.map((weight) => (prefix += weight)),
    without: () => weights.map((weight) => whole - weight),
  }[ask]();
  return {
    ...{ whole, empty: 0, known: weights.length, truncated: false, each },
    bounds: ask === "whole" ? [] : bounds,
  };
}
