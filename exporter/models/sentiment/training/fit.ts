import { createAdam } from "./adam.ts";
import { createNetwork } from "./network.ts";
import { initialWeights, type Shape } from "./parameters.ts";
import { createRandom, shuffle } from "./random.ts";
import { BEGIN } from "./vocabulary.ts";

/** A sequence of tokens, without the first one, and the probability of "positive" to aim at. */
export interface Sample {
  readonly ids: readonly number[];
  readonly target: number;
  /** How much it counts; a text counts 1. */
  readonly weight: number;
}

/** How the network is fitted. */
export interface FitOptions {
  readonly seed: number;
  readonly epochs: number;
  readonly batch: number;
  readonly rate: number;
  readonly decay: number;
  /** Share of the words that is left out at random, anew in each epoch. */
  readonly dropWords: number;
  /** Share of a text's loss that lies on its last position; the rest is spread evenly. */
  readonly lastShare: number;
  /** Longest sequence, the first token included; longer texts are cut. */
  readonly longest: number;
}

/** What {@link fit} tells after each epoch. */
export interface EpochProgress {
  readonly epoch: number;
  readonly epochs: number;
  /** Mean cross-entropy of the epoch, in nats. */
  readonly loss: number;
  readonly weights: Float64Array;
}

/**
 * Fits the network by cross-entropy at every prefix against soft targets. A text without words
 * aims at one half, so that the score of nothing is nothing.
 */
export function fit(
  shape: Shape,
  samples: readonly Sample[],
  options: FitOptions,
  onEpoch: (progress: EpochProgress) => void = () => {},
): Float64Array {
  const { seed, epochs, batch, rate, decay, dropWords, lastShare, longest } = options;
  const random = createRandom(seed);
  const weights = initialWeights(shape, random);
  const network = createNetwork(shape, longest);
  const adam = createAdam(weights.length);
  const gradient = new Float64Array(weights.length);
  const dScores = new Float64Array(longest);
  const order = samples.map((_, i) => i);
  const steps = epochs * Math.ceil(samples.length / batch);
  let step = 0;
  for (let epoch = 1; epoch <= epochs; epoch++) {
    shuffle(order, random);
    let loss = 0;
    for (let from = 0; from < order.length; from += batch) {
      const chosen = order.slice(from, from + batch);
      gradient.fill(0);
      for (const index of chosen) {
        const sample = samples[index]!;
        const kept = sample.ids.filter(() => random() >= dropWords).slice(0, longest - 1);
        const scores = network.forward(weights, [BEGIN, ...kept]);
        for (let t = 0; t <= kept.length; t++) {
          const share = shareOf(t, kept.length, lastShare) * (sample.weight / chosen.length);
          const target = t === 0 ? 0.5 : sample.target;
          const probability = 1 / (1 + Math.exp(-scores[t]!));
          dScores[t] = share * (probability - target);
          loss += chosen.length * share * crossEntropy(scores[t]!, target);
        }
        network.backward(weights, gradient, dScores);
      }
      const progress = step++ / steps;
      const warm = Math.min(1, progress / 0.05);
      adam.step(weights, gradient, rate * warm * 0.5 * (1 + Math.cos(Math.PI * progress)), decay);
    }
    onEpoch({ epoch, epochs, loss: loss / samples.length, weights });
  }
  return weights;
}

/** The share of the loss at position `t` of a text of `words` words. */
function shareOf(t: number, words: number, lastShare: number): number {
  if (words === 0) return 1;
  const even = (1 - lastShare) / (words + 1);
  return t === words ? lastShare + even : even;
}

function crossEntropy(score: number, target: number): number {
  // ln(1 + e^s) without overflow.
  return Math.max(score, 0) + Math.log1p(Math.exp(-Math.abs(score))) - target * score;
}
