import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Fact } from "../hardware/facts.ts";
import { scoringThreads } from "./scorers.ts";

const known = (value: number): Fact<number> => ({ known: true, value });
const unknown: Fact<number> = { known: false, reason: "not asked" };
const cores = (performance: number, usable = performance) => ({
  performanceCores: known(performance),
  usableCores: known(usable),
});
const AUTO = { workers: 0, threads: 0 };
const TINY = 0.6e6;
const LARGE = 90e6;

describe("threads for the sentiment model", () => {
  it.each([
    ["two cores", cores(2), 2],
    ["an M1 with four performance cores of eight", cores(4, 8), 4],
    ["an M3 Max with twelve performance cores of sixteen", cores(12, 16), 8],
    ["a container with one and a half of sixteen cores", cores(16, 1.5), 1],
    ["a container with half a core", cores(4, 0.5), 1],
    ["a machine that does not say", { performanceCores: unknown, usableCores: unknown }, 1],
    ["a machine that only says all cores", { performanceCores: unknown, usableCores: known(6) }, 6],
  ])("give a tiny model a worker a core on %s", (_, machine, workers) => {
    expect(scoringThreads(TINY, machine, AUTO)).toEqual({ workers, threads: 1 });
  });

  it.each([
    ["two cores", cores(2), 2],
    ["an M1 with four performance cores of eight", cores(4, 8), 4],
    ["a container with one and a half of sixteen cores", cores(16, 1.5), 1],
  ])("give a large model all cores of %s", (_, machine, threads) => {
    expect(scoringThreads(LARGE, machine, AUTO)).toEqual({ workers: 1, threads });
  });

  it("are what the configuration says, and otherwise never more than the cores", () => {
    const setting = fc.nat({ max: 16 });
    fc.assert(
      fc.property(
        fc.constantFrom(TINY, LARGE),
        fc.integer({ min: 1, max: 64 }),
        fc.record({ workers: setting, threads: setting }),
        (bytes, count, settings) => {
          const planned = scoringThreads(bytes, cores(count), settings);
          const { workers, threads } = planned;
          if (settings.workers > 0) expect(workers).toBe(settings.workers);
          if (settings.threads > 0) expect(threads).toBe(settings.threads);
          expect(Math.min(workers, threads)).toBeGreaterThanOrEqual(1);
          const set = Math.max(settings.workers, 1) * Math.max(settings.threads, 1);
          expect(workers * threads).toBeLessThanOrEqual(Math.max(count, set));
        },
      ),
    );
  });
});
