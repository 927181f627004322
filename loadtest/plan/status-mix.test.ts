import { describe, expect, it } from "@jest/globals";
import { GOALS } from "@headroom/alerts/goals";
import { statusLimit, STATUS_TARGET_SECONDS } from "@headroom/alerts/limits";
import { analysesOf, repeatedShare, STATUS_MIX, STATUS_SCENARIOS } from "./status-mix.ts";

describe("the reference mix of status questions", () => {
  it("asks every question", () => {
    expect(analysesOf(STATUS_MIX)).toEqual(STATUS_SCENARIOS);
  });

  it("repeats as many as the aim for the cache wants", () => {
    expect(repeatedShare(STATUS_MIX)).toBeCloseTo(6 / 14, 12);
    expect(repeatedShare(STATUS_MIX)).toBeGreaterThanOrEqual(GOALS.statusHitRatio);
  });

  it("never repeats a question right after itself, over the end of a round too", () => {
    const next = (i: number) => STATUS_MIX[(i + 1) % STATUS_MIX.length];
    expect(STATUS_MIX.filter((scenario, i) => scenario === next(i))).toEqual([]);
  });
});

it.each(STATUS_SCENARIOS)("the limit of %s is its target", (scenario) => {
  expect(statusLimit(scenario)).toMatchObject({
    bound: "upper",
    upper: STATUS_TARGET_SECONDS[scenario],
    unit: "seconds",
  });
});

it("a share of no repeats is 0", () => {
  expect(repeatedShare(["quick-status", "disk-analysis"])).toBe(0);
});
