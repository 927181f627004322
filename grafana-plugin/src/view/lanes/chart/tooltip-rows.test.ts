import { describe, expect, it } from "@jest/globals";
import { buildLane } from "../../../model/lane/build-lane.ts";
import { nearestSample, sampleAt } from "./LaneTooltip.tsx";

const options = { from: 0, to: 1_000, nearRatio: 0.2, showForecast: false };
const lane = (times: readonly number[], values: readonly (number | null)[]) =>
  buildLane({ id: "a", name: "A", times, values, limits: [] }, options);

describe("sampleAt", () => {
  it("finds the nearest sample that has a value", () => {
    const some = lane([0, 10, 20, 30], [1, null, 3, 4]);
    expect([4, 13, 29].map((time) => sampleAt(some, time))).toEqual([0, 2, 3]);
  });

  it("finds none in a gap, but for the values at its edges", () => {
    const marked = lane([0, 10, 20, 30, 40, 50, 60], [1, 2, 3, null, null, 6, 7]);
    expect([12, 24, 30, 40, 47].map((time) => sampleAt(marked, time))).toEqual([1, 2, -1, -1, 5]);
    const silent = lane([0, 10, 20, 100, 110], [1, 2, 3, 4, 5]);
    expect([24, 40, 60, 97].map((time) => sampleAt(silent, time))).toEqual([2, -1, -1, 3]);
    const slower = lane([0, 10, 20, 50, 60], [1, 2, 3, 4, 5]);
    expect(sampleAt(slower, 32)).toBe(2);
  });

  it("does not say of a later moment what has ended", () => {
    const ended = lane([0, 10, 20], [1, 2, 3]);
    expect(nearestSample(ended, 500)).toBe(2);
    expect([24, 55, 500].map((time) => sampleAt(ended, time))).toEqual([2, -1, -1]);
  });

  it("keeps a single value, whose interval is not known", () => {
    expect(sampleAt(lane([0], [1]), 500)).toBe(0);
    expect(sampleAt(lane([], []), 500)).toBe(-1);
  });
});
