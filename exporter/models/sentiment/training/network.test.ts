import { describe, expect, it } from "@jest/globals";
import { createNetwork, initialWeights, layoutOf, type Shape } from "./network.ts";
import { createRandom, normal } from "./random.ts";

const SHAPE: Shape = { vocabulary: 7, width: 8, heads: 2, inner: 6, ropeBase: 100, epsilon: 1e-5 };
const IDS = [0, 3, 5, 3, 6];

describe("the network", () => {
  const random = createRandom(1);
  const weights = initialWeights(SHAPE, random);
  for (let i = 0; i < weights.length; i++) weights[i]! += 0.3 * normal(random);
  const pull = Float64Array.from(IDS, () => normal(random));
  const loss = () =>
    createNetwork(SHAPE, 8)
      .forward(weights, IDS)
      .subarray(0, IDS.length)
      .reduce((sum, score, t) => sum + pull[t]! * score, 0);

  it("has the gradient that finite differences give, for every weight", () => {
    const network = createNetwork(SHAPE, 8);
    const gradient = new Float64Array(layoutOf(SHAPE).size);
    network.forward(weights, IDS);
    network.backward(weights, gradient, pull);
    const step = 1e-5;
    let worst = 0;
    for (let i = 0; i < weights.length; i++) {
      const kept = weights[i]!;
      weights[i] = kept + step;
      const above = loss();
      weights[i] = kept - step;
      const below = loss();
      weights[i] = kept;
      worst = Math.max(worst, Math.abs((above - below) / (2 * step) - gradient[i]!));
    }
    expect(worst).toBeLessThan(1e-6);
    expect(Math.max(...gradient.map(Math.abs))).toBeGreaterThan(0.1);
  });

  it("reads no token before its turn", () => {
    const network = createNetwork(SHAPE, 8);
    const whole = network.forward(weights, IDS).slice(0, 3);
    const prefix = network.forward(weights, IDS.slice(0, 3)).slice(0, 3);
    expect([...prefix]).toEqual([...whole]);
  });

  it("refuses a sequence that its arrays cannot hold", () => {
    expect(() => createNetwork(SHAPE, 2).forward(weights, IDS)).toThrow(RangeError);
  });
});
