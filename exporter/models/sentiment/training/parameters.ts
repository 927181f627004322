import { normal, type Random } from "./random.ts";

/** The sizes of the network. */
export interface Shape {
  readonly vocabulary: number;
  /** Width of the residual stream. */
  readonly width: number;
  readonly heads: number;
  /** Width of the feed-forward layer. */
  readonly inner: number;
  /** Base of the rotary position angles. */
  readonly ropeBase: number;
  /** Added to the mean square before its root, as in llama.cpp's RMSNorm. */
  readonly epsilon: number;
}

/** Where each tensor begins in the one flat array that holds them all. */
export interface Layout {
  readonly embedding: number;
  readonly query: number;
  readonly key: number;
  readonly value: number;
  readonly out: number;
  readonly gate: number;
  readonly up: number;
  readonly down: number;
  readonly attentionNorm: number;
  readonly feedForwardNorm: number;
  readonly finalNorm: number;
  /** The label direction: the head's row of "positive" minus that of "negative". */
  readonly label: number;
  readonly size: number;
}

/** The layout of a network of this shape. Matrices are row-major, a row for each output. */
export function layoutOf({ vocabulary, width, inner }: Shape): Layout {
  let size = 0;
  const take = (count: number) => (size += count) - count;
  return {
    embedding: take(vocabulary * width),
    query: take(width * width),
    key: take(width * width),
    value: take(width * width),
    out: take(width * width),
    gate: take(inner * width),
    up: take(inner * width),
    down: take(width * inner),
    attentionNorm: take(width),
    feedForwardNorm: take(width),
    finalNorm: take(width),
    label: take(width),
    size,
  };
}

/** Random weights to start from; norms start at one. */
export function initialWeights(shape: Shape, random: Random): Float64Array {
  const layout = layoutOf(shape);
  const weights = new Float64Array(layout.size);
  const fill = (from: number, to: number, deviation: number) => {
    for (let i = from; i < to; i++) weights[i] = deviation * normal(random);
  };
  const { width, inner } = shape;
  fill(layout.embedding, layout.query, 0.1);
  fill(layout.query, layout.down, 1 / Math.sqrt(width));
  fill(layout.down, layout.attentionNorm, 1 / Math.sqrt(inner));
  weights.fill(1, layout.attentionNorm, layout.label);
  fill(layout.label, layout.size, 1 / Math.sqrt(width));
  return weights;
}

/**
 * Moves each token's embedding along the label direction by what a regression thinks of the word,
 * so that rare words do not start from noise.
 *
 * @param opinions - one number a token, in nats
 */
export function leanOn(
  opinions: readonly number[],
  strength: number,
  shape: Shape,
  weights: Float64Array,
): void {
  const at = layoutOf(shape);
  for (let id = 0; id < shape.vocabulary; id++) {
    for (let i = 0; i < shape.width; i++) {
      weights[at.embedding + id * shape.width + i]! +=
        strength * opinions[id]! * weights[at.label + i]!;
    }
  }
}
