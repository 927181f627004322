import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { readDataset } from "../../models/sentiment/training/dataset.ts";
import { growth } from "./testing/growth.ts";
import { estimateSize, splitWords, wordBounds, wordsAt } from "./words.ts";

const JAPANESE = [
  "この映画はとても面白かったです。最後まで飽きずに観られました。",
  "音楽は良かったけれど、物語が長すぎて途中で眠くなってしまった。",
  "店員さんの対応が素晴らしく、また来たいと思います！",
  "バッテリーがすぐに切れる。二度と買わない。",
];

const SCRIPTS = [
  ["English", "a film that I have not seen since, "],
  ["one long word", "abcdefgh"],
  ["Japanese", JAPANESE[0]!],
  ["one kind of letter", "ー"],
  ["Thai", "ภาพยนตร์ดีมาก"],
  ["emoji", "👍🏽😀"],
  ["scripts in turn", "a映"],
] as const;

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
        const bounds = wordBounds(message);
        expect(bounds).toEqual(bounds.toSorted((a, b) => a - b));
        const words = wordsAt(message, bounds);
        for (const word of words) expect(word).toMatch(/^\S+$/);
        expect(words.join("")).toBe(message.replace(/\s/g, ""));
        expect(splitWords(message)).toEqual(words);
      }),
      { numRuns: 500 },
    );
  });

  it("cuts words without scripts that have no spaces at white space only", () => {
    const character = fc.oneof(
      fc.integer({ min: 1, max: 0x2e7f }).map((code) => String.fromCharCode(code)),
      fc.constantFrom("\u3000", "\ufeff", "😀", " "),
    );
    const others = /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
    fc.assert(
      fc.property(fc.array(character), (characters) => {
        const message = characters.filter((one) => !others.test(one)).join("");
        expect(splitWords(message)).toEqual(message.split(/\s+/).filter(Boolean));
      }),
      { numRuns: 500 },
    );
  });

  it.each(SCRIPTS)("takes time that grows as the message does, and no faster: %s", (_, text) => {
    expect(growth((length) => repeated(text, length), 20_000, wordBounds)).toBeLessThan(3);
  });
});

describe("the estimated size of a message", () => {
  it("is within a factor of three of the words that are there", () => {
    const texts = [...readDataset().map((example) => example.text), ...JAPANESE];
    const wrong = texts.filter((text) => {
      const [real, estimate] = [splitWords(text).length, estimateSize(text).words];
      return estimate > 3 * real || real > 3 * estimate;
    });
    expect(wrong).toEqual([]);
  });

  it("has a token for every word at least, and more for long ones", () => {
    expect(estimateSize("a bc def")).toEqual({ words: 3, tokens: 3 });
    expect(estimateSize("internationalisation of it")).toEqual({ words: 3, tokens: 5 });
    expect(estimateSize("映画は良い")).toEqual({ words: 3, tokens: 5 });
    expect(estimateSize("\u{1f600}\u{20000}")).toEqual({ words: 1, tokens: 2 });
    expect(estimateSize(" \t\u3000")).toEqual({ words: 0, tokens: 0 });
  });

  it("adds up over messages", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (a, b) => {
        const [one, other, both] = [a, b, `${a} ${b}`].map(estimateSize);
        expect(both!.tokens).toBe(one!.tokens + other!.tokens);
        expect(Math.abs(both!.words - one!.words - other!.words)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it.each(SCRIPTS)("takes time that grows as the message does, and no faster: %s", (_, text) => {
    expect(growth((length) => repeated(text, length), 200_000, estimateSize)).toBeLessThan(3);
  });

  it("is quicker than splitting where a script has no spaces", () => {
    const text = repeated(JAPANESE[0]!, 50_000);
    // The least of some rounds, because others share the machine.
    const secondsOf = (work: () => unknown) =>
      Math.min(
        ...Array.from({ length: 5 }, () => {
          const started = performance.now();
          work();
          return performance.now() - started;
        }),
      );
    expect(secondsOf(() => estimateSize(text))).toBeLessThan(secondsOf(() => wordBounds(text)) / 5);
  });
});

function repeated(text: string, length: number): string {
  return text.repeat(Math.ceil(length / text.length)).slice(0, length);
}
