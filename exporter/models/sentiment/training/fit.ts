import { createAdam } from "./adam.ts";
import { createNetwork, type Shape } from "./network.ts";
import { shuffle, type Random } from "./random.ts";
import { logistic, type Sample } from "./samples.ts";
import { BEGIN } from "./vocabulary.ts";

/** How the network is fitted. */
export interface FitOptions {
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
}

/** Share of the steps in which the rate rises to its full height. */
const WARM_UP = 0.05;

/**
 * Fits `weights` in place by cross-entropy at every prefix against soft targets. A text without
 * words aims at one half, so that the score of nothing is nothing.
 */
export function fit(
  shape: Shape,
  weights: Float64Array,
  samples: readonly Sample[],
  options: FitOptions,
  random: Random,
  onEpoch: (progress: EpochProgress) => void,
): void {
  const { epochs, batch, rate, decay, dropWords, lastShare, longest } = options;
  const network = createNetwork(shape, longest);
  const adam = createAdam(weights.length);
  const gradient = new Float64Array(weights.length);
  const dScores = new Float64Array(longest);
  const order = samples.map((_, i) => i);
  const steps = epochs * Math.ceil(samples.length / batch);
  let step = 0;

  /** Adds one sample's gradient, over `share` of the batch, and returns its loss. */
  const learn = (sample: Sample, share: number): number => {
    const { ids, targets } = thin(sample, dropWords, longest - 1, random);
    const scores = network.forward(weights, [BEGIN, ...ids]);
    let loss = 0;
    for (let t = 0; t <= ids.length; t++) {
      const part = shareOf(t, ids.length, lastShare) * sample.weight;
      const target = t === 0 ? 0.5 : targets[t - 1]!;
      dScores[t] = part * share * (logistic(scores[t]!) - target);
      loss += part * crossEntropy(scores[t]!, target);
    }
    network.backward(weights, gradient, dScores);
    return loss;
  };

  for (let epoch = 1; epoch <= epochs; epoch++) {
    shuffle(order, random);
    let loss = 0;
    for (let from = 0; from < order.length; from += batch) {
      const chosen = order.slice(from, from + batch);
      gradient.fill(0);
      for (const index of chosen) loss += learn(samples[index]!, 1 / chosen.length);
      const progress = step++ / steps;
      const slope = Math.min(1, progress / WARM_UP) * 0.5 * (1 + Math.cos(Math.PI * progress));
      adam.step(weights, gradient, rate * slope, decay);
    }
    onEpoch({ epoch, epochs, loss: loss / samples.length });
  }
}

/** Leaves out tokens at random, each with its target. */
function thin(
  { ids, targets, droppable }: Sample,
  dropWords: number,
  longest: number,
  random: Random,
): Pick<Sample, "ids" | "targets"> {
  const kept: { ids: number[]; targets: number[] } = { ids: [], targets: [] };
  for (let i = 0; i < ids.length && kept.ids.length < longest; i++) {
    if (droppable && random() < dropWords) continue;
    kept.ids.push(ids[i]!);
    kept.targets.push(targets[i]!);
  }
  return kept;
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
