import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { samples } from "../testing/arbitraries.ts";
import { matchTimes } from "./match-times.ts";

const at = (...times: number[]) => ({ times, values: times.map(() => 1) });

const pairsOf = (x: ReturnType<typeof at>, y: ReturnType<typeof at>) =>
  matchTimes(x, y).map((match) => [x.times[match.x], y.times[match.y]]);

describe("matchTimes", () => {
  it("pairs values of the same moment", () => {
    expect(pairsOf(at(0, 10, 20, 30), at(10, 20, 40))).toEqual([
      [10, 10],
      [20, 20],
    ]);
  });

  it("pairs the nearest within half the usual interval", () => {
    expect(pairsOf(at(0, 10, 20), at(4, 15, 26))).toEqual([
      [0, 4],
      [10, 15],
    ]);
  });

  it("leaves alone what is nearest, but further than half the usual interval", () => {
    expect(pairsOf(at(0, 10, 20), at(6, 26, 46))).toEqual([[10, 6]]);
    expect(pairsOf(at(0, 10, 20), at(25.1, 35.1, 45.1))).toEqual([]);
    expect(pairsOf(at(0, 10, 20), at(25, 35, 45))).toEqual([[20, 25]]);
  });

  it("prefers the same moment to a neighbour that came first", () => {
    expect(pairsOf(at(8, 10, 20, 30), at(10, 20, 30))).toEqual([
      [10, 10],
      [20, 20],
      [30, 30],
    ]);
  });

  it("pairs a slow series with single values of a quick one", () => {
    const quick = at(...Array.from({ length: 13 }, (_, i) => i * 5));
    expect(pairsOf(quick, at(3, 33))).toEqual([
      [5, 3],
      [35, 33],
    ]);
  });

  it("only takes the same moment when there is no interval", () => {
    expect(pairsOf(at(10), at(10))).toEqual([[10, 10]]);
    expect(pairsOf(at(10), at(11))).toEqual([]);
    expect(pairsOf(at(), at(10))).toEqual([]);
  });

  it("passes over missing values", () => {
    const x = { times: [0, 10, 20], values: [1, null, 3] };
    expect(matchTimes(x, at(0, 10, 20))).toEqual([
      { x: 0, y: 0 },
      { x: 2, y: 2 },
    ]);
  });

  it("pairs every value of a series with itself", () => {
    fc.assert(
      fc.property(samples, (one) => {
        const present = one.values.flatMap((value, i) => (value === null ? [] : [i]));
        expect(matchTimes(one, one)).toEqual(present.map((i) => ({ x: i, y: i })));
      }),
    );
  });

  it("uses each value once, in order, never a missing one, and every common moment", () => {
    fc.assert(
      fc.property(samples, samples, (x, y) => {
        const matches = matchTimes(x, y);
        matches.forEach((match, i) => {
          expect(x.values[match.x]).not.toBeNull();
          expect(y.values[match.y]).not.toBeNull();
          if (i === 0) return;
          expect(match.x).toBeGreaterThan(matches[i - 1]!.x);
          expect(match.y).toBeGreaterThan(matches[i - 1]!.y);
        });
        const common = x.times.filter((time, i) => {
          const j = y.times.indexOf(time);
          return x.values[i] !== null && j >= 0 && y.values[j] !== null;
        });
        const same = matches.filter((m) => x.times[m.x] === y.times[m.y]);
        expect(same.map((m) => x.times[m.x])).toEqual(common);
      }),
    );
  });
});
