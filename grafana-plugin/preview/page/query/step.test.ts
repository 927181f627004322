import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { alignedRange, promDuration, stepOf } from "./step.ts";

const hour = 3_600_000;

describe("stepOf", () => {
  it("is what the panel's width asks for", () => {
    expect(stepOf({ rangeMs: hour, intervalMs: 30_000, scrapeIntervalMs: 5_000 })).toEqual({
      stepMs: 30_000,
      rateIntervalMs: 35_000,
    });
  });

  it("has a rate interval of at least four scrapes", () => {
    const { rateIntervalMs } = stepOf({
      rangeMs: hour,
      intervalMs: 15_000,
      scrapeIntervalMs: 15_000,
    });
    expect(rateIntervalMs).toBe(60_000);
  });

  it("is multiplied by the query's factor", () => {
    const { stepMs } = stepOf({
      rangeMs: hour,
      intervalMs: 10_000,
      scrapeIntervalMs: 5_000,
      factor: 3,
    });
    expect(stepMs).toBe(30_000);
  });

  it("never asks Prometheus for more than 11,000 points", () => {
    const positive = (max: number) => fc.integer({ min: 1, max });
    fc.assert(
      fc.property(positive(1e12), positive(1e6), (rangeMs, intervalMs) => {
        const { stepMs } = stepOf({ rangeMs, intervalMs, scrapeIntervalMs: 5_000 });
        expect(rangeMs / stepMs).toBeLessThanOrEqual(11_000);
      }),
    );
  });
});

describe("alignedRange", () => {
  it("puts both ends on multiples of the step", () => {
    expect(alignedRange(12_345, 67_890, 5_000)).toEqual({ start: 10_000, end: 65_000 });
  });
});

describe("promDuration", () => {
  it("writes the largest unit that is exact", () => {
    expect([250, 15_000, 60_000, 90_000, 7_200_000, 0].map(promDuration)).toEqual([
      "250ms",
      "15s",
      "1m",
      "90s",
      "2h",
      "1ms",
    ]);
  });
});
