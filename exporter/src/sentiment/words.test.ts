import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { splitWords } from "./words.ts";

describe("splitting a message into words", () => {
  it("cuts at white space and keeps punctuation with its word", () => {
    expect(splitWords("  It's good,\tnot\n bad!\u00a0:) ")).toEqual([
      "It's",
      "good,",
      "not",
      "bad!",
      ":)",
    ]);
  });

  it("finds words in scripts that put no spaces between them", () => {
    expect(splitWords("this 映画はとても面白い。 ok")).toEqual([
      "this",
      ...["映画", "は", "とても", "面白い。"],
      "ok",
    ]);
    expect(splitWords("ภาพยนตร์ดีมาก").length).toBeGreaterThan(1);
  });

  it("parts scripts that meet inside a word", () => {
    expect(splitWords("iPhone最高!")).toEqual(["iPhone", "最高", "!"]);
  });

  it("keeps emoji and accents whole", () => {
    expect(splitWords("café 👍🏽👍 naïve")).toEqual(["café", "👍🏽👍", "naïve"]);
  });

  it("finds nothing in an empty message", () => {
    expect(splitWords("")).toEqual([]);
    expect(splitWords(" \t\u3000")).toEqual([]);
  });

  it("covers every character that is not white space, in order", () => {
    const piece = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("映画は良い", "ดีมาก", " ", "\n", "don't", "😀"),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const message = pieces.join("");
        const words = splitWords(message);
        for (const word of words) expect(word).toMatch(/^\S+$/);
        expect(words.join("")).toBe(message.replace(/\s/g, ""));
      }),
    );
  });
});
