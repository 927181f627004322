import { describe, expect, it } from "@jest/globals";
import { ENGINE_GOALS, MEMORY_CHECKS } from "./bench-bounds.ts";

describe("the limits of npm run memory", () => {
  // The numbers again, so that a change is on purpose.
  it("are those that the measurements are held against", () => {
    const short = Object.entries(MEMORY_CHECKS).map(([id, { upper, unit }]) => [id, upper, unit]);
    expect(short).toEqual([
      ["modelLoad", 1, "ratio"],
      ["answers", 100e6, "bytes"],
      ["cacheAtBound", 1, "ratio"],
      ["concurrency", 50e6, "bytes"],
      ["leak", 50e3, "bytes_per_answer"],
      ["batches", 25e6, "bytes"],
      ["optimiser", 100e6, "bytes"],
    ]);
  });
});

describe("the goals of npm run bench", () => {
  it("are those that the engine is held against", () => {
    expect(ENGINE_GOALS).toEqual({
      pipelineOfRaw: 0.7,
      httpOfPython: 8,
      httpOfUnbatched: 20,
      httpPerSecond: 9_000,
      observing: 0.01,
      scrapeSeconds: 0.005,
    });
  });
});
