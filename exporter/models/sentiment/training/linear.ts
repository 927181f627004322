/** `y[t] = W x[t]` for `rows` vectors; W is row-major with `outputs` rows. */
export function linear(
  weights: Float64Array,
  at: number,
  x: Float64Array,
  y: Float64Array,
  rows: number,
  inputs: number,
  outputs: number,
): void {
  for (let t = 0; t < rows; t++) {
    const xAt = t * inputs;
    for (let o = 0; o < outputs; o++) {
      const wAt = at + o * inputs;
      let sum = 0;
      for (let i = 0; i < inputs; i++) sum += weights[wAt + i]! * x[xAt + i]!;
      y[t * outputs + o] = sum;
    }
  }
}

/** Adds the gradients of {@link linear}: to W's into `gradient`, to x's into `dx`. */
export function linearBackward(
  weights: Float64Array,
  gradient: Float64Array,
  at: number,
  x: Float64Array,
  dx: Float64Array,
  dy: Float64Array,
  rows: number,
  inputs: number,
  outputs: number,
): void {
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
}
