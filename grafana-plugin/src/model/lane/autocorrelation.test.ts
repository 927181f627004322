import { describe, expect, it } from "@jest/globals";
import { normalNoise } from "../testing/noise.ts";
import { varianceInflation } from "./trend.ts";

/** Noise in which each value keeps `share` of the one before (an AR(1) process). */
function remembering(n: number, share: number, seed: number): number[] {
  const noise = normalNoise(seed);
  let value = 0;
  return Array.from({ length: n }, () => (value = share * value + noise()));
}

const mean = (share: number) => {
  const seeds = Array.from({ length: 40 }, (_, seed) => seed);
  return seeds.reduce((sum, s) => sum + varianceInflation(remembering(200, share, s)), 0) / 40;
};

describe("varianceInflation", () => {
  it("is 1 for constants and for too few values", () => {
    expect(varianceInflation([0, 0, 0, 0, 0])).toBe(1);
    expect(varianceInflation([1, 2])).toBe(1);
    expect(varianceInflation([])).toBe(1);
  });

  it("follows Hamed and Rao's formula", () => {
    const steps = [1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2];
    // r(k) = (16 - 3k) / 16 while k <= 8; above 1.645 / 4 for k = 1, 2, 3.
    const weight = (k: number) => (16 - k) * (15 - k) * (14 - k) * ((16 - 3 * k) / 16);
    const expected = 1 + (2 * (weight(1) + weight(2) + weight(3))) / (16 * 15 * 14);
    expect(varianceInflation(steps)).toBeCloseTo(expected, 12);
  });

  it("stays near 1 for independent values and grows with their memory", () => {
    expect(mean(0)).toBeLessThan(1.1);
    // (1 + 0.8) / (1 - 0.8) = 9 is the limit for long series; ranks and the cut give less.
    expect(mean(0.8)).toBeGreaterThan(5);
    expect(mean(0.8)).toBeLessThan(13);
    expect(mean(0.4)).toBeLessThan(mean(0.8));
  });

  it("is never below 1, even where values alternate", () => {
    expect(varianceInflation(Array.from({ length: 50 }, (_, i) => i % 2))).toBe(1);
  });
});
