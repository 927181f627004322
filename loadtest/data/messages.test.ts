import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { firstWords, messageAt, readTexts } from "./messages.ts";

const FILES = ["movie-snippets", "product-reviews", "tweets"];
const texts = readTexts(
  FILES.map((name) =>
    readFileSync(
      new URL(`../../exporter/models/sentiment/data/${name}.tsv`, import.meta.url),
      "utf8",
    ),
  ),
);

const MILLION = 1_000_000;
const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;

describe("the messages of a load run", () => {
  it("do not repeat in the first million", () => {
    const seen = new Set<string>();
    for (let i = 0; i < MILLION; i += 1) seen.add(messageAt(i, texts));
    expect(seen.size).toBe(MILLION);
  });

  it("do not repeat in a million that starts elsewhere", () => {
    const seen = new Set<string>();
    for (let i = 0; i < MILLION; i += 1) seen.add(messageAt(90 * MILLION + i, texts));
    expect(seen.size).toBe(MILLION);
  });

  it("are the datasets' texts first", () => {
    expect(texts.length).toBeGreaterThan(13_000);
    const first = new Set(texts.map((_, i) => messageAt(i, texts)));
    expect(first).toEqual(new Set(texts.map(({ whole }) => whole)));
  });

  it("stay equally long when the texts are used up", () => {
    const words = (from: number) =>
      mean(texts.map((_, i) => messageAt(from + i, texts).split(" ").length));
    expect(words(texts.length * 5) / words(0)).toBeCloseTo(1, 2);
  });

  it("can all be sent: neither empty nor too long", () => {
    for (let i = 0; i < 100_000; i += 1) {
      const { length } = messageAt(i * 1_000, texts);
      expect(length > 0 && length <= 4_096).toBe(true);
    }
  });

  it.each([-1, 0.5, Number.NaN, texts.length ** 2])("has no message number %d", (index) => {
    expect(() => messageAt(index, texts)).toThrow(RangeError);
  });
});

describe("the texts", () => {
  it("leave out what has too few words, repeats, or shares a half with another", () => {
    const file =
      "label\ttext\n1\ta b c d\n0\ta b x y\n0\tp q c d\n1\ttoo short\n1\ta b c d\n1\te f g h\n";
    expect(
      readTexts([file])
        .map(({ whole }) => whole)
        .sort(),
    ).toEqual(["a b c d", "e f g h"]);
  });
});

describe("firstWords", () => {
  it("cuts a message after so many words", () => {
    expect(firstWords("a b c d", 3)).toBe("a b c");
    expect(firstWords("a b", 3)).toBe("a b");
    expect(firstWords("a b c d")).toBe("a b c d");
  });
});
