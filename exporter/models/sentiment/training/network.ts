import { attention, linear, norm, rotary } from "./layers.ts";
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

/**
 * Where each tensor begins in the one flat array that holds them all. Matrices are row-major, a row for
 * each output.
 */
export function layoutOf({ vocabulary, width, inner }: Shape) {
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
    /** The label direction: the head's row of "positive" minus that of "negative". */
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

/** A network of one layer in llama's architecture, with the arrays that it works in. */
interface Network {
  /** Scores (nats) after each token of a sequence; valid until the next call. */
  forward(weights: Float64Array, ids: readonly number[]): Float64Array;
  /**
   * Adds to `gradient` how the loss changes with each weight, for the sequence of the last
   * {@link Network.forward}; `dScores` says how it changes with each score.
   */
  backward(weights: Float64Array, gradient: Float64Array, dScores: Float64Array): void;
}

/**
 * Builds a network for sequences of up to `longest` tokens.
 *
 * x = E[id]; x += Wo attention(norm(x)); x += Wd (silu(Wg n) * Wu n), n = norm(x);
 * score = label . norm(x)
 */
export function createNetwork(shape: Shape, longest: number): Network {
  const { width, heads, inner, epsilon, ropeBase } = shape;
  const at = layoutOf(shape);
  const norm0 = norm(at.attentionNorm, width, epsilon, longest);
  const toQuery = linear(at.query, width, width);
  const toKey = linear(at.key, width, width);
  const toValue = linear(at.value, width, width);
  const toOut = linear(at.out, width, width);
  const rotate = rotary(longest, width, heads, ropeBase);
  const attend = attention(longest, width, heads);
  const norm1 = norm(at.feedForwardNorm, width, epsilon, longest);
  const toGate = linear(at.gate, width, inner);
  const toUp = linear(at.up, width, inner);
  const toDown = linear(at.down, inner, width);
  const norm2 = norm(at.finalNorm, width, epsilon, longest);
  const toScore = linear(at.label, width, 1);

  const wide = () => new Float64Array(longest * width);
  const deep = () => new Float64Array(longest * inner);
  const [x0, x1, x2, work] = [wide(), wide(), wide(), wide()];
  const [n0, n1, n2, mixed] = [wide(), wide(), wide(), wide()];
  const read = { query: wide(), key: wide(), value: wide() };
  const [gate, up, hidden] = [deep(), deep(), deep()];
  const scores = new Float64Array(longest);
  const [dx, dn, dMixed] = [wide(), wide(), wide()];
  const dRead = { query: wide(), key: wide(), value: wide() };
  const [dGate, dUp, dHidden] = [deep(), deep(), deep()];
  let ids: readonly number[] = [];

  return {
    forward(weights, sequence) {
      const rows = sequence.length;
      if (rows > longest) throw new RangeError(`a sequence of ${rows} tokens is over ${longest}`);
      ids = sequence;
      for (let t = 0; t < rows; t++) {
        const from = at.embedding + ids[t]! * width;
        for (let i = 0; i < width; i++) x0[t * width + i] = weights[from + i]!;
      }
      norm0.forward(weights, x0, n0, rows);
      toQuery.forward(weights, n0, read.query, rows);
      toKey.forward(weights, n0, read.key, rows);
      toValue.forward(weights, n0, read.value, rows);
      rotate(read.query, rows, 1);
      rotate(read.key, rows, 1);
      attend.forward(read, mixed, rows);
      toOut.forward(weights, mixed, work, rows);
      for (let i = 0; i < rows * width; i++) x1[i] = x0[i]! + work[i]!;
      norm1.forward(weights, x1, n1, rows);
      toGate.forward(weights, n1, gate, rows);
      toUp.forward(weights, n1, up, rows);
      for (let i = 0; i < rows * inner; i++) {
        hidden[i] = (gate[i]! / (1 + Math.exp(-gate[i]!))) * up[i]!;
      }
      toDown.forward(weights, hidden, work, rows);
      for (let i = 0; i < rows * width; i++) x2[i] = x1[i]! + work[i]!;
      norm2.forward(weights, x2, n2, rows);
      toScore.forward(weights, n2, scores, rows);
      return scores;
    },

    backward(weights, gradient, dScores) {
      const rows = ids.length;
      for (const array of [dn, dx, dMixed, dRead.query, dRead.key, dRead.value]) {
        array.fill(0, 0, rows * width);
      }
      dHidden.fill(0, 0, rows * inner);
      toScore.backward(weights, gradient, n2, dn, dScores, rows);
      norm2.backward(weights, gradient, x2, dx, dn, rows);
      toDown.backward(weights, gradient, hidden, dHidden, dx, rows);
      for (let i = 0; i < rows * inner; i++) {
        const logistic = 1 / (1 + Math.exp(-gate[i]!));
        dUp[i] = dHidden[i]! * gate[i]! * logistic;
        dGate[i] = dHidden[i]! * up[i]! * logistic * (1 + gate[i]! * (1 - logistic));
      }
      dn.fill(0, 0, rows * width);
      toGate.backward(weights, gradient, n1, dn, dGate, rows);
      toUp.backward(weights, gradient, n1, dn, dUp, rows);
      norm1.backward(weights, gradient, x1, dx, dn, rows);
      toOut.backward(weights, gradient, mixed, dMixed, dx, rows);
      attend.backward(read, dRead, dMixed, rows);
      rotate(dRead.query, rows, -1);
      rotate(dRead.key, rows, -1);
      dn.fill(0, 0, rows * width);
      toQuery.backward(weights, gradient, n0, dn, dRead.query, rows);
      toKey.backward(weights, gradient, n0, dn, dRead.key, rows);
      toValue.backward(weights, gradient, n0, dn, dRead.value, rows);
      norm0.backward(weights, gradient, x0, dx, dn, rows);
      for (let t = 0; t < rows; t++) {
        const to = at.embedding + ids[t]! * width;
        for (let i = 0; i < width; i++) gradient[to + i]! += dx[t * width + i]!;
      }
    },
  };
}
