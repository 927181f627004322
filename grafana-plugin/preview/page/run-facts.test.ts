import { describe, expect, it } from "@jest/globals";
import type { Series } from "./prometheus.ts";
import { quietOf } from "./run-facts.ts";

const RANGE = { from: 0, to: 100_000 };

/** A counter, each ten seconds. */
const counter = (...counts: readonly number[]): Series => ({
  metric: {},
  values: counts.map((count, i) => [10 * i, String(count)]),
});

describe("nobody asks", () => {
  it("since the counters grew for the last time", () => {
    const counters = [counter(0, 1, 1, 1), counter(5, 5, 8, 8)];
    expect(quietOf(counters, RANGE, 60_000)).toEqual({ since: 20_000, before: false });
  });

  it("while it is not so long ago that figures have ended: nothing is told", () => {
    expect(quietOf([counter(0, 1, 2)], RANGE, 90_000)).toBeUndefined();
  });

  it("since a restart is not growth", () => {
    const [since, restarted] = [10_000, counter(4, 5, 0, 0)];
    expect(quietOf([restarted], RANGE, 60_000)).toEqual({ since, before: false });
  });

  it("and nobody has, as far as the range tells", () => {
    expect(quietOf([counter(0, 0, 0)], RANGE, 60_000)).toBe("never");
    expect(quietOf([counter(7, 7, 7)], RANGE, 60_000)).toEqual({ since: 0, before: true });
  });

  it("is not known without counters, or with nonsense", () => {
    expect(quietOf([], RANGE, 0)).toBeUndefined();
    expect(quietOf([counter()], RANGE, 0)).toBeUndefined();
    expect(quietOf([counter(Number.NaN, Number.NaN)], RANGE, 60_000)).toBe("never");
  });
});
