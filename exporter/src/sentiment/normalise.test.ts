import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { FACE_FORMS } from "./faces.ts";
import { normaliseWord, NOT_APOSTROPHE, replaceLinks } from "./normalise.ts";
import { stem } from "./stem.ts";
import { growth } from "./testing/growth.ts";

const form = (face: keyof typeof FACE_FORMS) => stem(FACE_FORMS[face]);

describe("normalising a word", () => {
  it.each([
    ["good", ["good"]],
    ["GOOD", ["good"]],
    ['"good",', ["good"]],
    ["great!!!", ["great", "!"]],
    ["what?!?!", ["what", "?", "!"]],
    ["well-made", ["well", "made"]],
    ["10/10", ["10", "10"]],
    ["#win", ["win"]],
    ["it's", ["it"]],
    ["we'll", ["we"]],
    ["café", ["cafe"]],
    ["Ｇｏｏｄ", ["good"]],
    ["gooood", ["good"]],
    ["rock&amp;roll", ["rock", "and", "roll"]],
  ])("%s", (word, forms) => {
    expect(normaliseWord(word)).toEqual(forms);
  });

  it.each([
    ["can't", ["can", "not"]],
    ["can’t", ["can", "not"]],
    ["won't", ["will", "not"]],
    ["ain't", ["is", "not"]],
    ["cannot", ["can", "not"]],
    ["dont", ["do", "not"]],
    ["DIDNT!", ["did", "not", "!"]],
    ["want", ["want"]],
    ["cant", ["can", "not"]],
  ])("finds the negation in %s", (word, forms) => {
    expect(normaliseWord(word)).toEqual(forms);
  });

  it.each([
    [":)", form("happy")],
    [":-D", form("happy")],
    ["=]", form("happy")],
    ["^_^", form("happy")],
    [";-)", form("playful")],
    [":'(", form("sad")],
    [":/", form("wry")],
    ["<3", form("heart")],
    ["&lt;3", form("heart")],
    ["</3", form("broken")],
    ["😍", form("happy")],
    ["😭", form("sad")],
    ["👍", form("good")],
    ["❤️", form("heart")],
  ])("reads the face %s", (face, expected) => {
    expect(normaliseWord(face)).toEqual([expected]);
    expect(normaliseWord(`Good${face}`)).toEqual(["good", expected]);
  });

  it.each([
    "https://example.com/:)",
    "www.example.org",
    "example.com/good",
    "@somebody",
    "--",
    "…",
  ])("says nothing about %s", (word) => {
    expect(normaliseWord(word).filter((found) => /[a-z]/.test(found))).toEqual([]);
  });

  it("takes a time, a label and a bracket for no face", () => {
    for (const word of ["5:30", "note:", "(8)", "re:(a)", "word:"]) {
      const forms = normaliseWord(word);
      expect(forms.filter((found) => /fac|sign/.test(found))).toEqual([]);
    }
  });

  it("gives forms that the tokenizer can take: lower case, one word each", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        for (const found of normaliseWord(text)) {
          expect(found).toMatch(/^(?:[a-z0-9]+|[!?]|[^\x00-\x7f]+)$/u);
          expect(found).toBe(found.toLowerCase());
        }
      }),
    );
  });

  it("finds the links and negations that one regular expression for each would find", () => {
    const link = /(?:https?:|www\.)\S*|\S+\.(?:com|org|net)(?:\/\S*)?/g;
    const piece = fc.oneof(
      fc.constantFrom(...Array.from("a.comrgnet/:w'h s")),
      fc.constantFrom(".com", ".org", ".net", "http:", "https:", "www.", "/"),
    );
    const texts = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(""));
    fc.assert(
      fc.property(texts, (text) => {
        expect(replaceLinks(text)).toBe(text.replace(link, " "));
      }),
      { numRuns: 5_000 },
    );
    const negated = fc.array(fc.constantFrom("n't", "n'", ..."wonat' 1"), { maxLength: 12 });
    fc.assert(
      fc.property(negated, (pieces) => {
        const text = pieces.join("");
        const verbs = (pattern: RegExp) => text.replace(pattern, "<$1>");
        expect(verbs(NOT_APOSTROPHE)).toBe(verbs(/([a-z]+)n't(?![a-z])/g));
      }),
      { numRuns: 5_000 },
    );
  });

  it.each([
    "a",
    "n",
    "'",
    ".",
    "/",
    ":",
    ".co",
    "n'",
    "a.",
    "w",
    "www",
    "&",
    "@",
    "_",
    "^_",
    "t_",
    "d",
    ":d",
    ":(",
    "8",
    "-",
    "!",
    "?",
    "é",
    "😀",
    "漢",
    "\u0301",
    "-a",
    "a'",
    "ing",
    "&amp;",
  ])("takes time that grows as the word does, and no faster: %s", (piece) => {
    const textOf = (length: number) => `${piece.repeat(length / piece.length)}.:'@`;
    expect(growth(textOf, 80_000, normaliseWord)).toBeLessThan(3);
  });

  it("does not depend on letter case in plain words", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{1,15}$/), (word) => {
        expect(normaliseWord(word.toUpperCase())).toEqual(normaliseWord(word));
      }),
    );
  });
});
