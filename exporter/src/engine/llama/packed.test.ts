import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { wordBounds } from "../../sentiment/words.ts";
import type { Scores } from "../scorer.ts";
import { packScores, unpackScores } from "./packed.ts";

const figure = fc.double({ noNaN: true, noDefaultInfinity: true });
const scores: fc.Arbitrary<Scores> = fc
  .tuple(fc.string({ unit: "grapheme", maxLength: 200 }), fc.boolean())
  .chain(([text, whole]) => {
    const bounds = whole ? [] : wordBounds(text);
    const words = bounds.length / 2;
    return fc.record({
      ...{ whole: figure, empty: figure, known: fc.nat(), truncated: fc.boolean() },
      each: fc.array(figure, { minLength: words, maxLength: words }),
      bounds: fc.constant(bounds),
    });
  });

const plain: Scores = {
  ...{ whole: 1, empty: 0, known: 1, truncated: false, each: [2], bounds: [0, 4] },
};

describe("the scores of a batch on their way to another process and back", () => {
  it("are the same, with where their words are", () => {
    fc.assert(
      fc.property(fc.array(scores), (batch) => {
        // As a message between processes is copied.
        expect(unpackScores(structuredClone(packScores(batch)))).toEqual(batch);
      }),
    );
  });

  it("hold the bounds of the longest message", () => {
    const bounds = wordBounds("a ".repeat(32_768).slice(0, 65_535));
    const batch = [{ ...plain, each: bounds.slice(0, bounds.length / 2), bounds }, plain];
    expect(bounds.at(-1)).toBe(65_535);
    // Jest compares long arrays slowly.
    expect(JSON.stringify(unpackScores(packScores(batch)))).toBe(JSON.stringify(batch));
  });

  it.each<[string, Partial<Scores>]>([
    ["the score of the whole", { whole: NaN }],
    ["the score of nothing", { empty: -Infinity }],
    ["the score of a word", { each: [Infinity] }],
  ])("are refused when %s is not a number", (_, broken) => {
    const unpack = () => unpackScores(packScores([plain, { ...plain, ...broken }, plain]));
    expect(unpack).toThrow(expect.objectContaining({ code: "model_failed" }));
    expect(unpack).toThrow("not numbers");
  });
});
