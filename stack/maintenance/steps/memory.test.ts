import { describe, expect, it } from "@jest/globals";
import { limitsWithin, memoryLimits, REFERENCE_MEMORY_BYTES } from "@headroom/alerts/limits";
import { memoryTrendRow } from "./memory.ts";

describe("the trend of memory", () => {
  const [allowed] = memoryLimits("warning", limitsWithin({ process: REFERENCE_MEMORY_BYTES }));
  if (!allowed) throw new Error("a process has a memory limit");
  const hours = (count: number, start: number, anHour: number) =>
    Array.from({ length: 12 * count + 1 }, (_, index) => ({
      at: 300 * index,
      value: start + (anHour * index) / 12,
    }));

  it("fails when the limit is reached within a day", () => {
    const row = memoryTrendRow(hours(6, 20e9, 2e9), allowed);
    expect(row).toMatchObject({ verdict: "fail", runbook: "HeadroomLimitForecast" });
    expect(row.detail).toContain("2.00 GB an hour");
  });

  it("passes when it rises more slowly, falls, or moves too little to be followed", () => {
    for (const anHour of [0.2e9, -1e9]) {
      expect(memoryTrendRow(hours(6, 20e9, anHour), allowed).verdict).toBe("pass");
    }
    expect(memoryTrendRow(hours(6, 33e9, 0.1e9), allowed).verdict).toBe("pass");
  });

  it("is not moved by a peak", () => {
    const points = hours(6, 20e9, 2e9).map((point, index) =>
      index === 10 ? { ...point, value: 1e15 } : point,
    );
    expect(memoryTrendRow(points, allowed).detail).toContain("2.00 GB an hour");
  });

  it("is unknown before an hour has passed, or without points", () => {
    expect(memoryTrendRow(hours(0.5, 20e9, 9e9), allowed).verdict).toBe("unknown");
    expect(memoryTrendRow([{ at: 0, value: 1 }], allowed).verdict).toBe("unknown");
    expect(memoryTrendRow([], allowed).verdict).toBe("unknown");
  });
});
