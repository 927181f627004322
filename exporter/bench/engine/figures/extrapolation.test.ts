import { describe, expect, it } from "@jest/globals";
import { costsOf, extrapolation, reachOfMany, reachOfOne } from "./extrapolation.ts";
import type { SaturatedRun } from "./saturation.ts";

const run: SaturatedRun = {
  seconds: 10,
  messages: 100_000,
  cores: 2,
  threads: { main: 4, workers: [5, 5], others: 2 },
  client: 4,
};

describe("the extrapolation", () => {
  it("starts from what a message costs", () => {
    expect(costsOf(run)).toEqual({ main: 4e-5, workers: 1e-4, others: 2e-5 });
  });

  it("is linear in the workers until the main thread is full", () => {
    const costs = costsOf(run);
    expect(reachOfOne(costs, 2)).toEqual({
      messagesPerSecond: expect.closeTo(8_333, 0),
      boundBy: "workers",
    });
    expect(reachOfOne(costs, 10)).toEqual({
      messagesPerSecond: expect.closeTo(25_000, 0),
      boundBy: "main thread",
    });
  });

  it("is linear in the cores with as many exporters as fill them", () => {
    expect(reachOfMany(costsOf(run), 10)).toBeCloseTo(62_500, 0);
  });

  it("is told with its figures and with what it assumes", () => {
    const told = extrapolation(run).join("\n");
    for (const figure of ["40.0 µs", "25,000", "12,500", "62,500", "125,000", "main thread"]) {
      expect(told).toContain(figure);
    }
    expect(told).toContain("This assumes");
  });
});
