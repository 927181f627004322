import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Scores } from "../engine/scorer.ts";
import { attribute, attributions } from "./attribution.ts";
import { wordBounds } from "./words.ts";

const scores = (each: number[], whole: number, known = each.length): Scores => ({
  whole,
  empty: 0.5,
  known,
  truncated: false,
  each,
  bounds: each.flatMap((_, i) => [2 * i, 2 * i + 1]),
});

describe("attribution", () => {
  it("by occlusion is what the score loses without the word", () => {
    expect(attributions("occlusion", scores([1, 3, 2], 2))).toEqual([1, -1, 0]);
  });

  it("by prefixes is what the word adds to the score so far", () => {
    expect(attributions("prefix", scores([1, 3, 2], 2))).toEqual([0.5, 2, -1]);
  });

  it("by prefixes sums to the whole score less that of nothing", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -20, max: 20, noNaN: true }), { minLength: 1 }),
        (each) => {
          const sum = attributions("prefix", scores(each, each.at(-1)!)).reduce((a, b) => a + b);
          expect(sum).toBeCloseTo(each.at(-1)! - 0.5, 9);
        },
      ),
    );
  });

  it("says where the words are, and holds none of them", () => {
    const bounds = wordBounds("LOVED  it!!");
    const attribution = attribute("occlusion", { ...scores([0, 1], 1), bounds });
    expect(attribution).toMatchObject({ bounds: [0, 5, 7, 11], values: [1, 0] });
    expect(JSON.stringify(attribution)).not.toMatch(/LOVED|it!!/);
  });

  it.each([
    ["no_known_word", scores([0.5, 0.5], 0.5, 0)],
    ["one_word", scores([0.5], 2)],
    ["all_zero", scores([2, 2], 2)],
  ])("has no quality when the reason is %s", (undefinedReason, given) => {
    expect(attribute("occlusion", given)).toMatchObject({
      entropy: null,
      sparsity: null,
      undefinedReason,
    });
  });
});
