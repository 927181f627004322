type Floats = Float64Array;

/**
 * A linear layer: `y[t] = W x[t]` for `rows` vectors. W begins at `at` of the weights, row after row, one
 * for each output.
 */
export function linear(at: number, inputs: number, outputs: number) {
  return {
    forward(weights: Floats, x: Floats, y: Floats, rows: number): void {
      for (let t = 0; t < rows; t++) {
        const xAt = t * inputs;
        for (let o = 0; o < outputs; o++) {
          const wAt = at + o * inputs;
          let sum = 0;
          for (let i = 0; i < inputs; i++) sum += weights[wAt + i]! * x[xAt + i]!;
          y[t * outputs + o] = sum;
        }
      }
    },

    /** Adds the gradients: W's to `gradient`, x's to `dx`. */
    backward(weights: Floats, gradient: Floats, x: Floats, dx: Floats, dy: Floats, rows: number) {
      for (let t = 0; t < rows; t++) {
        const xAt = t * inputs;
        for (let o = 0; o < outputs; o++) {
          const d = dy[t * outputs + o]!;
          const wAt = at + o * inputs;
          for (let i = 0; i < inputs; i++) {
            gradient[wAt + i]! += d * x[xAt + i]!;
            dx[xAt + i]! += d * weights[wAt + i]!;
          }
        }
      }
    },
  };
}

/**
 * RMSNorm (Zhang and Sennrich 2019): `y = g x / sqrt(mean(x^2) + epsilon)`, for up to `longest` vectors.
 * g begins at `at` of the weights.
 */
export function norm(at: number, width: number, epsilon: number, longest: number) {
  const inverse = new Float64Array(longest);
  return {
    forward(weights: Floats, x: Floats, y: Floats, rows: number): void {
      for (let t = 0; t < rows; t++) {
        const from = t * width;
        let squares = 0;
        for (let i = 0; i < width; i++) squares += x[from + i]! * x[from + i]!;
        const scale = (inverse[t] = 1 / Math.sqrt(squares / width + epsilon));
        for (let i = 0; i < width; i++) y[from + i] = weights[at + i]! * x[from + i]! * scale;
      }
    },

    /** Adds the gradients of the last forward: g's to `gradient`, x's to `dx`. */
    backward(weights: Floats, gradient: Floats, x: Floats, dx: Floats, dy: Floats, rows: number) {
      for (let t = 0; t < rows; t++) {
        const from = t * width;
        const scale = inverse[t]!;
        let along = 0;
        for (let i = 0; i < width; i++) {
          const d = dy[from + i]!;
          gradient[at + i]! += d * x[from + i]! * scale;
          along += d * weights[at + i]! * x[from + i]!;
        }
        along *= (scale * scale * scale) / width;
        for (let i = 0; i < width; i++) {
          dx[from + i]! += dy[from + i]! * weights[at + i]! * scale - x[from + i]! * along;
        }
      }
    },
  };
}

/** Rotary positions (Su et al. 2021): angles `position x base^(-2i / headWidth)`, as llama.cpp has them. */
export function rotary(longest: number, width: number, heads: number, base: number) {
  const pairs = width / heads / 2;
  const cos = new Float64Array(longest * pairs);
  const sin = new Float64Array(longest * pairs);
  for (let t = 0; t < longest; t++) {
    for (let i = 0; i < pairs; i++) {
      const angle = t * base ** ((-2 * i) / (2 * pairs));
      cos[t * pairs + i] = Math.cos(angle);
      sin[t * pairs + i] = Math.sin(angle);
    }
  }
  /**
   * Turns the pairs (2i, 2i + 1) of every head in place: the interleaved order that llama.cpp calls
   * "norm". `direction` -1 turns back, which is the gradient.
   */
  return (x: Floats, rows: number, direction: 1 | -1): void => {
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
  };
}

/** What attention reads, or the gradients of that: vectors of the model's width. */
interface Attended {
  readonly query: Floats;
  readonly key: Floats;
  readonly value: Floats;
}

/** Causal attention: `out[t] = sum over u <= t of softmax(q[t] k[u] / sqrt(d)) v[u]`, a head each. */
export function attention(longest: number, width: number, heads: number) {
  const d = width / heads;
  const scale = 1 / Math.sqrt(d);
  /** Shares of attention: head, row, column. */
  const shares = new Float64Array(heads * longest * longest);
  return {
    forward({ query, key, value }: Attended, out: Floats, rows: number): void {
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
          for (let u = 0; u <= t; u++) {
            sum += shares[sAt + u] = Math.exp(shares[sAt + u]! - greatest);
          }
          for (let u = 0; u <= t; u++) {
            const share = (shares[sAt + u]! /= sum);
            const vAt = u * width + h * d;
            for (let i = 0; i < d; i++) out[qAt + i]! += share * value[vAt + i]!;
          }
        }
      }
    },

    /** Adds the gradients of the last forward, which read the same. */
    backward({ query, key, value }: Attended, into: Attended, dOut: Floats, rows: number): void {
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
    },
  };
}
