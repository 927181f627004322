import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { normalNoise } from "../testing/noise.ts";
import { lastReset } from "./resets.ts";

const resetIn = (values: readonly number[]) =>
  lastReset({ times: values.map((_, i) => i * 5_000), values });

const line = (n: number, slope: number, noise: () => number = () => 0) =>
  Array.from({ length: n }, (_, i) => slope * i + noise());

describe("lastReset", () => {
  it("finds the fall that ends a ramp", () => {
    expect(resetIn([...line(60, 1), ...line(40, 1)])).toBe(60);
  });

  it("finds the last of several, and one that has only just happened", () => {
    expect(resetIn([...line(50, 1), ...line(50, 1), ...line(50, 1)])).toBe(100);
    expect(resetIn([...line(60, 1), 0])).toBe(60);
  });

  it("finds a jump to another level", () => {
    expect(resetIn([...Array<number>(30).fill(1), ...Array<number>(30).fill(5)])).toBe(30);
  });

  it("finds the first value of the new level though noise and a value in between blur the step", () => {
    const noise = normalNoise(7);
    const before = line(60, 2, noise);
    const after = line(60, 2, noise);
    expect(resetIn([...before, ...after])).toBe(60);
    const found = resetIn([...before, 60, ...after]);
    expect([60, 61]).toContain(found);
  });

  it("does not take a spike for a reset", () => {
    const values = line(60, 1);
    values[30] = 900;
    values[31] = 900;
    expect(resetIn(values)).toBe(0);
  });

  it("does not take steady growth for one, straight or ever steeper", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }), fc.integer({ min: -9, max: 9 }), (n, slope) => {
        expect(resetIn(line(n, slope))).toBe(0);
      }),
    );
    expect(resetIn(Array.from({ length: 180 }, (_, i) => 2 ** (i / 18)))).toBe(0);
  });

  it("does not take a line over a gap for one", () => {
    const times = [...Array(40).keys()].map((i) => 1_000 * (i < 20 ? i : i + 30));
    expect(lastReset({ times, values: times.map((t) => t / 100) })).toBe(0);
  });

  it("finds none in no or one value", () => {
    expect(resetIn([])).toBe(0);
    expect(resetIn([5])).toBe(0);
  });

  it("hardly ever takes noise for one", () => {
    const found = Array.from({ length: 300 }, (_, seed) =>
      resetIn(line(100, 0, normalNoise(seed))),
    );
    expect(found.filter((at) => at > 0).length).toBeLessThan(3);
  });
});
