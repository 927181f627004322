/**
 * RMSNorm (Zhang and Sennrich 2019): `y = g x / sqrt(mean(x^2) + epsilon)`, for `rows` vectors.
 * The inverse roots go to `inverse` for the way back.
 */
export function norm(
  weights: Float64Array,
  at: number,
  x: Float64Array,
  y: Float64Array,
  inverse: Float64Array,
  rows: number,
  width: number,
  epsilon: number,
): void {
  for (let t = 0; t < rows; t++) {
    const from = t * width;
    let squares = 0;
    for (let i = 0; i < width; i++) squares += x[from + i]! * x[from + i]!;
    const scale = (inverse[t] = 1 / Math.sqrt(squares / width + epsilon));
    for (let i = 0; i < width; i++) y[from + i] = weights[at + i]! * x[from + i]! * scale;
  }
}

/** Adds the gradients of {@link norm}: to g's into `gradient`, to x's into `dx`. */
export function normBackward(
  weights: Float64Array,
  gradient: Float64Array,
  at: number,
  x: Float64Array,
  dx: Float64Array,
  dy: Float64Array,
  inverse: Float64Array,
  rows: number,
  width: number,
): void {
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
}
