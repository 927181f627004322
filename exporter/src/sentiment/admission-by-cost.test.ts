import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { ScoringSpeed } from "./admission-by-cost.ts";

/** One that has seen that a batch as such takes hardly any time. */
function quick(known?: number): ScoringSpeed {
  const speed = new ScoringSpeed(known);
  speed.record(1, -1, -0.999_999);
  return speed;
}

describe("the speed of a scorer", () => {
  it("is unknown until a batch took long enough to tell", () => {
    const speed = quick();
    expect(speed.tokensPerSecond).toBeUndefined();
    speed.record(100, 1, 1.001);
    speed.record(0, 2, 3);
    expect(speed.tokensPerSecond).toBeUndefined();
    speed.record(100, 4, 4.5);
    expect(speed.tokensPerSecond).toBeCloseTo(200, 2);
  });

  it("does not count the time that every batch takes, whatever is in it", () => {
    const speed = new ScoringSpeed();
    for (const tokens of [10, 2, 100]) speed.record(tokens, tokens, tokens + 1.2);
    expect(speed.tokensPerSecond).toBeUndefined();
    speed.record(100, 200, 201.7);
    expect(speed.tokensPerSecond).toBeCloseTo(200);
  });

  it("counts a batch from when the one before it ended", () => {
    const speed = quick();
    speed.record(100, 0, 1);
    speed.record(100, 0, 2);
    expect(speed.tokensPerSecond).toBeCloseTo(100, 2);
  });

  it("follows a change within some ten batches, from what was known", () => {
    const speed = quick(1_000);
    for (let i = 0; i < 30; i++) speed.record(100, i, i + 0.5);
    expect(speed.tokensPerSecond).toBeGreaterThan(200);
    expect(speed.tokensPerSecond).toBeLessThan(250);
  });

  it("stays within what the batches showed", () => {
    const batch = fc.record({
      tokens: fc.integer({ min: 1, max: 10_000 }),
      seconds: fc.double({ min: 0.01, max: 10, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(batch, { minLength: 1 }), (batches) => {
        const speed = quick();
        let now = 0;
        for (const { tokens, seconds } of batches) speed.record(tokens, now, (now += seconds));
        const shown = batches.map(({ tokens, seconds }) => tokens / seconds);
        expect(speed.tokensPerSecond).toBeGreaterThan(Math.min(...shown) * 0.999);
        expect(speed.tokensPerSecond).toBeLessThan(Math.max(...shown) * 1.001);
      }),
    );
  });
});
