import { describe, expect, it } from "@jest/globals";
import { normalNoise } from "../testing/noise.ts";
import { LEAST_POINTS, trend } from "./trend.ts";

const evenly = (values: readonly number[]) => ({ times: values.map((_, i) => i * 1_000), values });
const list = (n: number, at: (i: number) => number) => Array.from({ length: n }, (_, i) => at(i));

/** How many of `runs` series have a trend. */
function found(runs: number, series: (noise: () => number) => number[]): number {
  const seeds = list(runs, (seed) => seed);
  return seeds.filter((seed) => trend(evenly(series(normalNoise(seed)))) !== undefined).length;
}

describe("trend", () => {
  it("wants a number of points", () => {
    expect(trend(evenly(list(LEAST_POINTS - 1, (i) => i)))).toBeUndefined();
    expect(trend(evenly(list(LEAST_POINTS, (i) => i)))?.slope).toBeCloseTo(1e-3, 12);
  });

  it("finds none in a constant", () => {
    expect(trend(evenly(list(50, () => 7)))).toBeUndefined();
    expect(trend(evenly(list(50, () => 0)))).toBeUndefined();
    expect(trend(evenly([]))).toBeUndefined();
  });

  it("finds one in about one of a hundred series of noise", () => {
    for (const n of [12, 60]) {
      const rate = found(1_500, (noise) => list(n, noise)) / 1_500;
      expect(rate).toBeGreaterThan(0.002);
      expect(rate).toBeLessThan(0.02);
    }
  });

  it("is seldom fooled by averages over a sliding window, which alone rise for a while", () => {
    const window = 12;
    const sliding = (noise: () => number) => {
      const raw = list(200 + window, noise);
      return list(200, (i) => raw.slice(i, i + window).reduce((a, b) => a + b, 0));
    };
    // The plain test is fooled by almost every second one.
    expect(found(300, sliding) / 300).toBeLessThan(0.08);
  });

  it("finds a rise of three deviations in sixty points every time", () => {
    expect(found(100, (noise) => list(60, (i) => (3 * i) / 60 + noise()))).toBe(100);
  });

  it("finds a bent rise too, though its distances to the line are alike", () => {
    expect(trend(evenly(list(60, (i) => i * i)))?.slope).toBeGreaterThan(0);
    expect(trend(evenly(list(180, (i) => 2 ** (i / 18))))?.slope).toBeGreaterThan(0);
  });
});
