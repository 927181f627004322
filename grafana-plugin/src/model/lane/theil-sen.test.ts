import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { normalNoise } from "../testing/noise.ts";
import { theilSen } from "./trend.ts";

const START = 1.7e12;

describe("theilSen", () => {
  it("finds the line that points lie on, whatever the distances", () => {
    const steps = fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(steps, fc.double({ min: -5, max: 5, noNaN: true }), (distances, slope) => {
        let time = START;
        const times = distances.map((step) => (time += step));
        const line = theilSen({ times, values: times.map((t) => 7 + slope * (t - START)) });
        expect(line.slope).toBeCloseTo(slope, 9);
        expect(line.last).toBeCloseTo(7 + slope * (time - START), 6);
      }),
    );
  });

  it("is hardly moved when a fifth of the points is wild", () => {
    const noise = normalNoise(3);
    const times = Array.from({ length: 100 }, (_, i) => START + i * 1_000);
    const values = times.map((_, i) => (i % 5 === 2 ? 1e6 : 0.1 * i + 0.1 * noise()));
    const line = theilSen({ times, values });
    expect(line.slope * 1_000).toBeGreaterThan(0.08);
    expect(line.slope * 1_000).toBeLessThan(0.12);
    expect(Math.abs(line.last - 9.9)).toBeLessThan(1);
  });
});
