/** What Adam keeps between steps. */
export interface Adam {
  /**
   * One step downhill (Kingma and Ba 2015, with decoupled weight decay as in Loshchilov and
   * Hutter 2019). `decay` is the share of each weight that is taken away, before the rate.
   */
  step(weights: Float64Array, gradient: Float64Array, rate: number, decay?: number): void;
}

const [BETA1, BETA2, EPSILON] = [0.9, 0.99, 1e-8];

/** An optimiser for `size` weights. */
export function createAdam(size: number): Adam {
  const mean = new Float64Array(size);
  const square = new Float64Array(size);
  let steps = 0;
  return {
    step(weights, gradient, rate, decay = 0) {
      steps++;
      const scale = Math.sqrt(1 - BETA2 ** steps) / (1 - BETA1 ** steps);
      for (let i = 0; i < size; i++) {
        const g = gradient[i]!;
        const m = (mean[i] = BETA1 * mean[i]! + (1 - BETA1) * g);
        const v = (square[i] = BETA2 * square[i]! + (1 - BETA2) * g * g);
        const w = weights[i]!;
        weights[i] = w - rate * ((scale * m) / (Math.sqrt(v) + EPSILON) + decay * w);
      }
    },
  };
}
