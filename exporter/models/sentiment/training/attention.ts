/** The cosines and sines of the rotary angles of each position (Su et al. 2021). */
export interface Rotation {
  readonly cos: Float64Array;
  readonly sin: Float64Array;
  /** Pairs of one head. */
  readonly pairs: number;
}

/** Angles `position x base^(-2i / headWidth)`, as llama.cpp has them. */
export function createRotation(positions: number, headWidth: number, base: number): Rotation {
  const pairs = headWidth / 2;
  const cos = new Float64Array(positions * pairs);
  const sin = new Float64Array(positions * pairs);
  for (let t = 0; t < positions; t++) {
    for (let i = 0; i < pairs; i++) {
      const angle = t * base ** ((-2 * i) / headWidth);
      cos[t * pairs + i] = Math.cos(angle);
      sin[t * pairs + i] = Math.sin(angle);
    }
  }
  return { cos, sin, pairs };
}

/**
 * Turns the pairs (2i, 2i + 1) of every head in place: the interleaved order that llama.cpp calls
 * "norm". `direction` -1 turns back, which is the gradient.
 */
export function rotate(
  x: Float64Array,
  rows: number,
  heads: number,
  { cos, sin, pairs }: Rotation,
  direction: 1 | -1,
): void {
  const width = heads * pairs * 2;
  for (let t = 0; t < rows; t++) {
    for (let h = 0; h < heads; h++) {
      for (let i = 0; i < pairs; i++) {
        const at = t * width + (h * pairs + i) * 2;
        const c = cos[t * pairs + i]!;
        const s = direction * sin[t * pairs + i]!;
        const a = x[at]!;
        const b = x[at + 1]!;
        x[at] = a * c - b * s;
        x[at + 1] = a * s + b * c;
      }
    }
  }
}

/** The arrays of one causal attention; each holds `rows` vectors of the model's width. */
export interface AttentionArrays {
  readonly query: Float64Array;
  readonly key: Float64Array;
  readonly value: Float64Array;
  /** Shares of attention: head, row, column. */
  readonly shares: Float64Array;
}

/** Causal attention: `out[t] = sum over u <= t of softmax(q[t] k[u] / sqrt(d)) v[u]`, a head each. */
export function attend(
  { query, key, value, shares }: AttentionArrays,
  out: Float64Array,
  rows: number,
  heads: number,
  width: number,
): void {
  const d = width / heads;
  const scale = 1 / Math.sqrt(d);
  out.fill(0, 0, rows * width);
  for (let h = 0; h < heads; h++) {
    for (let t = 0; t < rows; t++) {
      const qAt = t * width + h * d;
      const sAt = (h * rows + t) * rows;
      let greatest = -Infinity;
      for (let u = 0; u <= t; u++) {
        const kAt = u * width + h * d;
        let dot = 0;
        for (let i = 0; i < d; i++) dot += query[qAt + i]! * key[kAt + i]!;
        shares[sAt + u] = dot * scale;
        greatest = Math.max(greatest, dot * scale);
      }
      let sum = 0;
      for (let u = 0; u <= t; u++) sum += shares[sAt + u] = Math.exp(shares[sAt + u]! - greatest);
      for (let u = 0; u <= t; u++) {
        const share = (shares[sAt + u]! /= sum);
        const vAt = u * width + h * d;
        for (let i = 0; i < d; i++) out[qAt + i]! += share * value[vAt + i]!;
      }
    }
  }
}

/** Adds the gradients of {@link attend} to those of query, key and value. */
export function attendBackward(
  { query, key, value, shares }: AttentionArrays,
  into: Pick<AttentionArrays, "query" | "key" | "value">,
  dOut: Float64Array,
  rows: number,
  heads: number,
  width: number,
): void {
  const d = width / heads;
  const scale = 1 / Math.sqrt(d);
  for (let h = 0; h < heads; h++) {
    for (let t = 0; t < rows; t++) {
      const qAt = t * width + h * d;
      const sAt = (h * rows + t) * rows;
      const dot = (u: number) => {
        const vAt = u * width + h * d;
        let sum = 0;
        for (let i = 0; i < d; i++) sum += dOut[qAt + i]! * value[vAt + i]!;
        return sum;
      };
      let mean = 0;
      for (let u = 0; u <= t; u++) mean += shares[sAt + u]! * dot(u);
      for (let u = 0; u <= t; u++) {
        const share = shares[sAt + u]!;
        const at = u * width + h * d;
        const dScore = share * (dot(u) - mean) * scale;
        for (let i = 0; i < d; i++) {
          into.value[at + i]! += share * dOut[qAt + i]!;
          into.query[qAt + i]! += dScore * key[at + i]!;
          into.key[at + i]! += dScore * query[qAt + i]!;
        }
      }
    }
  }
}
