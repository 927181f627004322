import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { stem } from "./stem.ts";

describe("the stem", () => {
  it.each([
    ["entertain", "entertains", "entertained", "entertaining", "entertainment"],
    ["disappoint", "disappointing", "disappointingly", "disappointed", "disappointment"],
    ["beauty", "beautiful", "beautifully"],
    ["story", "stories"],
    ["happy", "happily", "happiness"],
    ["stunned", "stunning"],
    ["fly", "flies"],
    ["dig", "digging", "diggings"],
  ])("is the same for %s and its forms", (...words) => {
    expect(new Set(words.map(stem)).size).toBe(1);
  });

  it.each([
    ["care", "careless"],
    ["hope", "hopeless"],
    ["bore", "born"],
    ["miss", "mis"],
    ["fall", "false"],
  ])("tells %s from %s", (a, b) => {
    expect(stem(a)).not.toBe(stem(b));
  });

  it("leaves short words and words with other characters as they are", () => {
    for (const word of ["less", "bad", "!", "2nd", "日本語", ""]) expect(stem(word)).toBe(word);
  });

  it("leaves four letters of a longer word, or the three of a short word's plural or doubled form", () => {
    const short = /^..ies$|^..(.)\1((ing|ed)s?|(ing|ed)?l(ys?|ies))$/;
    const letters = fc.stringMatching(/^[a-z]{5,20}$/);
    // Rare among letters by chance, so that half of the words are of these kinds.
    const doubled = fc.stringMatching(/^[a-z]{1,4}(bb|gg|ll|nn|pp|tt|aa)(ingly|edly|ing|ed|ly)s?$/);
    const plural = fc.stringMatching(/^[a-z]{2,6}ies$/);
    fc.assert(
      fc.property(fc.oneof(letters, letters, doubled, plural), (word) => {
        const { length } = stem(word);
        expect(length).toBeGreaterThanOrEqual(short.test(word) ? 3 : 4);
      }),
    );
  });
});
