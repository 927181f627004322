import { describe, expect, it } from "@jest/globals";
import { fitRegression, withPairs } from "./regression.ts";

describe("the bag-of-words regression", () => {
  it("finds the weight at which the penalised likelihood is greatest", () => {
    // One feature, no help from the bias: 3 of 4 positive with it, 1 of 4 without.
    const texts = [["a"], ["a"], ["a"], ["a"], [], [], [], []];
    const { weights, bias } = fitRegression(texts, [1, 1, 1, 0, 1, 0, 0, 0], {
      penalty: 0.5,
      leastTexts: 1,
      steps: 2000,
    });
    const w = weights.get("a")!;
    const p = (score: number) => 1 / (1 + Math.exp(-score));
    // The gradient is zero there.
    expect(4 * p(bias + w) - 3 + 0.5 * w).toBeCloseTo(0, 3);
    expect(4 * p(bias + w) - 3 + 4 * p(bias) - 1).toBeCloseTo(0, 3);
  });

  it("counts a feature once, and what it never saw not at all", () => {
    const regression = fitRegression([["a"], ["b"]], [1, 0], { penalty: 1, leastTexts: 1 });
    expect(regression.score(["a", "a", "c"])).toBe(regression.score(["a"]));
  });

  it("can see neighbours", () => {
    expect(withPairs(["not", "so", "good"])).toEqual([
      ...["not", "so", "good"],
      ...["not so", "so good"],
    ]);
  });
});
