import { describe, expect, it } from "@jest/globals";
import type { Scorer } from "../engine/scorer.ts";
import { createSimulatedScorer } from "../engine/simulated/scorer.ts";
import { warmUp } from "./warm-up.ts";

function counting(latencySeconds: number): { scorer: Scorer; sizes: number[] } {
  const simulated = createSimulatedScorer({ latencySeconds, errorRatio: 0 });
  const sizes: number[] = [];
  const scorer: Scorer = {
    model: simulated.model,
    failure: undefined,
    score(requests) {
      sizes.push(requests.length);
      return simulated.score(requests);
    },
    close: () => simulated.close(),
  };
  return { scorer, sizes };
}

describe("the warm-up", () => {
  it("gives every scorer batches, up to whole ones", async () => {
    const scorers = [counting(0), counting(0)];
    const { messages } = await warmUp(scorers.map(({ scorer }) => scorer));
    for (const { sizes } of scorers) expect(Math.max(...sizes)).toBe(64);
    expect(messages).toBe(scorers.flatMap(({ sizes }) => sizes).reduce((a, b) => a + b));
  });

  it("is one message for a model that takes longer than that, whose speed is known by it", async () => {
    const { scorer, sizes } = counting(0.6);
    const { messages, tokensPerSecond } = await warmUp([scorer], 0.01);
    expect(messages).toBe(1);
    expect(sizes).toEqual([1]);
    // 16 words, one of them of two tokens, in 600 ms at least.
    expect(tokensPerSecond).toBeGreaterThan(0);
    expect(tokensPerSecond).toBeLessThan(20 / 0.6);
  });

  it("does not tell the speed by one short batch, which is mostly what every batch takes", async () => {
    const { tokensPerSecond } = await warmUp([counting(0.05).scorer], 0.01);
    expect(tokensPerSecond).toBeUndefined();
  });
});
