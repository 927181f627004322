import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { spread, zipfRank, zipfShares } from "./zipf.ts";

describe("Zipf's law", () => {
  it("gives rank r a share proportional to 1 / r", () => {
    const shares = [...zipfShares(4, 1)];
    const harmonic = 1 + 1 / 2 + 1 / 3 + 1 / 4;
    expect(shares[0]).toBeCloseTo(1 / harmonic, 12);
    expect(shares[1]! - shares[0]!).toBeCloseTo(1 / 2 / harmonic, 12);
    expect(shares[3]).toBe(1);
  });

  it("is followed by the draws", () => {
    const shares = zipfShares(1_000, 1);
    const draws = 200_000;
    const counts = new Array<number>(1_000).fill(0);
    for (let i = 0; i < draws; i += 1) counts[zipfRank(i, shares)]! += 1;
    for (const rank of [1, 2, 10]) {
      const expected = (shares[rank - 1]! - (shares[rank - 2] ?? 0)) * draws;
      expect(counts[rank - 1]! / expected).toBeCloseTo(1, 1);
    }
  });

  it("gives the same rank for the same draw, always one of the ranks", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 500 }), (index, size) => {
        const shares = zipfShares(size, 1);
        const rank = zipfRank(index, shares);
        expect(rank).toBe(zipfRank(index, shares));
        expect(rank >= 0 && rank < size).toBe(true);
        const drawn = spread(index);
        expect(shares[rank]! > drawn || rank === size - 1).toBe(true);
        expect(rank === 0 || shares[rank - 1]! <= drawn).toBe(true);
      }),
    );
  });

  it.each([0, -3, 1.5])("needs a whole number of ranks, not %d", (size) => {
    expect(() => zipfShares(size, 1)).toThrow(RangeError);
  });
});
