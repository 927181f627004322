import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  firstMessageAt,
  firstWords,
  messageAt,
  readTexts,
  spread,
  zipfRank,
  zipfShares,
} from "./messages.ts";

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
    expect(first).toEqual(new Set(texts.map(({ first, second }) => `${first} ${second}`)));
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
        .map(({ first, second }) => `${first} ${second}`)
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

it("gives runs that follow each other messages of their own", () => {
  const fastest = 10_000;
  fc.assert(
    fc.property(fc.nat(2 ** 40), fc.integer({ min: 1, max: 3_600 }), (now, seconds) => {
      const distance = Math.abs(firstMessageAt(now + seconds * 1_000) - firstMessageAt(now));
      expect(distance).toBeGreaterThanOrEqual(seconds * fastest);
    }),
  );
});
