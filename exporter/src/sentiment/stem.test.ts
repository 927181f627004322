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

  it("never leaves fewer than four letters of a longer word", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{5,20}$/), (word) => {
        expect(stem(word).length).toBeGreaterThanOrEqual(4);
      }),
    );
  });
});
