import { describe, expect, it } from "@jest/globals";
import { regionsOf } from "./regions.ts";

const STEP = 5_000;

describe("regionsOf", () => {
  it("joins samples above 0 that follow each other, and ends at others and at gaps", () => {
    const points = [
      [0, "1"],
      [5, "2"],
      [10, "0"],
      [15, "1"],
      [20, "NaN"],
      [25, "1"],
      [40, "1"],
      [45, "+Inf"],
    ] as const;
    expect(regionsOf(points, STEP)).toEqual([
      { from: 0, to: 5_000 },
      { from: 15_000, to: 15_000 },
      { from: 25_000, to: 25_000 },
      { from: 40_000, to: 45_000 },
    ]);
  });

  it("finds none where nothing is above 0", () => {
    expect(regionsOf([], STEP)).toEqual([]);
    expect(
      regionsOf(
        [
          [0, "0"],
          [5, "-1"],
        ],
        STEP,
      ),
    ).toEqual([]);
  });
});
