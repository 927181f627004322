import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { TimeLimit } from "./time-limit.ts";

describe("a time limit", () => {
  it("counts from acceptance, so what was waited before is gone", () => {
    const time = new TimeLimit(3_000, 500, () => 1_250);
    expect(time.elapsed).toBe(750);
    expect(time.leftForModel).toBeLessThan(3_000 - 750);
  });

  it("follows the clock", () => {
    let now = 0;
    const time = new TimeLimit(2_000, 0, () => now);
    const before = time.leftForModel;
    now = 300;
    expect(before - time.leftForModel).toBe(300);
  });

  it("gives the model less than the answer, the answer less than there is, and none below 0", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 30_000 }),
        fc.double({ min: 0, max: 60_000, noNaN: true }),
        (ms, elapsed) => {
          const time = new TimeLimit(ms, 7, () => 7 + elapsed);
          const rest = Math.max(0, ms - time.elapsed);
          expect(time.leftForModel).toBeGreaterThanOrEqual(0);
          expect(time.leftForAnswer).toBeLessThanOrEqual(rest);
          if (time.leftForAnswer > 0) {
            expect(time.leftForModel).toBeLessThan(time.leftForAnswer);
            expect(time.leftForAnswer).toBeLessThan(rest);
          } else expect(time.leftForModel).toBe(0);
        },
      ),
    );
  });
});
