import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { durationWords } from "./duration.ts";

const LENGTH: Readonly<Record<string, number>> = { s: 1e3, min: 6e4, h: 36e5, d: 864e5 };

describe("durationWords", () => {
  it.each([
    [0, "under 1 s"],
    [499, "under 1 s"],
    [700, "1 s"],
    [45_000, "45 s"],
    [59_700, "1 min"],
    [60_000, "1 min"],
    [90_000, "1 min 30 s"],
    [599_700, "10 min"],
    [754_000, "13 min"],
    [3_590_000, "1 h"],
    [7_200_000, "2 h"],
    [7_350_000, "2 h 3 min"],
    [86_000_000, "1 d"],
    [273_600_000, "3 d 4 h"],
    [40 * 864e5, "40 d"],
  ])("writes %d ms as %s", (ms, words) => {
    expect(durationWords(ms)).toBe(words);
  });

  it("is off by no more than a twentieth from a second on, half a second aside", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1_000, max: 1e10 }), (ms) => {
        const parts = durationWords(ms).matchAll(/(\d+) (\w+)/g);
        const said = [...parts].reduce((sum, [, n, unit]) => sum + Number(n) * LENGTH[unit!]!, 0);
        expect(Math.abs(said - ms)).toBeLessThanOrEqual(Math.max(500, ms / 20));
      }),
    );
  });
});
