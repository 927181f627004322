import { attend, attendBackward, createRotation, rotate } from "./attention.ts";
import { linear, linearBackward } from "./linear.ts";
import { norm, normBackward } from "./norm.ts";
import { layoutOf, type Shape } from "./parameters.ts";

/** A network of one layer in llama's architecture, with the arrays that it works in. */
export interface Network {
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
  const { width, heads, inner, epsilon } = shape;
  const at = layoutOf(shape);
  const rotation = createRotation(longest, width / heads, shape.ropeBase);
  const wide = () => new Float64Array(longest * width);
  const deep = () => new Float64Array(longest * inner);
  const one = () => new Float64Array(longest);

  const [x0, x1, x2, n0, n1, n2, mixed, work] = [
    wide(),
    wide(),
    wide(),
    wide(),
    wide(),
    wide(),
    wide(),
    wide(),
  ];
  const attention = {
    query: wide(),
    key: wide(),
    value: wide(),
    shares: new Float64Array(heads * longest * longest),
  };
  const [gate, up, hidden] = [deep(), deep(), deep()];
  const [r0, r1, r2, scores] = [one(), one(), one(), one()];

  const [dx, dn, dMixed] = [wide(), wide(), wide()];
  const dAttention = { query: wide(), key: wide(), value: wide() };
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
      norm(weights, at.attentionNorm, x0, n0, r0, rows, width, epsilon);
      linear(weights, at.query, n0, attention.query, rows, width, width);
      linear(weights, at.key, n0, attention.key, rows, width, width);
      linear(weights, at.value, n0, attention.value, rows, width, width);
      rotate(attention.query, rows, heads, rotation, 1);
      rotate(attention.key, rows, heads, rotation, 1);
      attend(attention, mixed, rows, heads, width);
      linear(weights, at.out, mixed, work, rows, width, width);
      for (let i = 0; i < rows * width; i++) x1[i] = x0[i]! + work[i]!;
      norm(weights, at.feedForwardNorm, x1, n1, r1, rows, width, epsilon);
      linear(weights, at.gate, n1, gate, rows, width, inner);
      linear(weights, at.up, n1, up, rows, width, inner);
      for (let i = 0; i < rows * inner; i++) {
        hidden[i] = (gate[i]! / (1 + Math.exp(-gate[i]!))) * up[i]!;
      }
      linear(weights, at.down, hidden, work, rows, inner, width);
      for (let i = 0; i < rows * width; i++) x2[i] = x1[i]! + work[i]!;
      norm(weights, at.finalNorm, x2, n2, r2, rows, width, epsilon);
      linear(weights, at.label, n2, scores, rows, width, 1);
      return scores;
    },

    backward(weights, gradient, dScores) {
      const rows = ids.length;
      for (const array of [dn, dx, dMixed, dAttention.query, dAttention.key, dAttention.value]) {
        array.fill(0, 0, rows * width);
      }
      dHidden.fill(0, 0, rows * inner);
      linearBackward(weights, gradient, at.label, n2, dn, dScores, rows, width, 1);
      normBackward(weights, gradient, at.finalNorm, x2, dx, dn, r2, rows, width);
      linearBackward(weights, gradient, at.down, hidden, dHidden, dx, rows, inner, width);
      for (let i = 0; i < rows * inner; i++) {
        const logistic = 1 / (1 + Math.exp(-gate[i]!));
        dUp[i] = dHidden[i]! * gate[i]! * logistic;
        dGate[i] = dHidden[i]! * up[i]! * logistic * (1 + gate[i]! * (1 - logistic));
      }
      dn.fill(0, 0, rows * width);
      linearBackward(weights, gradient, at.gate, n1, dn, dGate, rows, width, inner);
      linearBackward(weights, gradient, at.up, n1, dn, dUp, rows, width, inner);
      normBackward(weights, gradient, at.feedForwardNorm, x1, dx, dn, r1, rows, width);
      linearBackward(weights, gradient, at.out, mixed, dMixed, dx, rows, width, width);
      attendBackward(attention, dAttention, dMixed, rows, heads, width);
      rotate(dAttention.query, rows, heads, rotation, -1);
      rotate(dAttention.key, rows, heads, rotation, -1);
      dn.fill(0, 0, rows * width);
      linearBackward(weights, gradient, at.query, n0, dn, dAttention.query, rows, width, width);
      linearBackward(weights, gradient, at.key, n0, dn, dAttention.key, rows, width, width);
      linearBackward(weights, gradient, at.value, n0, dn, dAttention.value, rows, width, width);
      normBackward(weights, gradient, at.attentionNorm, x0, dx, dn, r0, rows, width);
      for (let t = 0; t < rows; t++) {
        const to = at.embedding + ids[t]! * width;
        for (let i = 0; i < width; i++) gradient[to + i]! += dx[t * width + i]!;
      }
    },
  };
}
