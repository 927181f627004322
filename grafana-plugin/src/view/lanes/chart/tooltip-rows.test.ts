import { describe, expect, it } from "@jest/globals";
import { buildLane } from "../../../model/lane/build-lane.ts";
import { nearestSample, sampleAt } from "./LaneTooltip.tsx";

const options = { from: 0, to: 1_000, nearRatio: 0.2, showForecast: false };
const lane = (times: readonly number[], values: readonly (number | null)[]) =>
  buildLane({ id: "a", name: "A", times, values, limits: [] }, options);

describe("sampleAt", () => {
  it("finds the nearest sample that has a value", () => {
    const some = lane([0, 10, 20, 30], [1, null, 3, 4]);
    expect([4, 11, 29].map((time) => sampleAt(some, time))).toEqual([0, 2, 3]);
  });

  it("does not say of a later moment what has ended", () => {
    const ended = lane([0, 10, 20], [1, 2, 3]);
    expect(nearestSample(ended, 500)).toBe(2);
    expect([55, 500].map((time) => sampleAt(ended, time))).toEqual([2, -1]);
  });

  it("keeps a single value, whose interval is not known", () => {
    expect(sampleAt(lane([0], [1]), 500)).toBe(0);
    expect(sampleAt(lane([], []), 500)).toBe(-1);
  });
});
