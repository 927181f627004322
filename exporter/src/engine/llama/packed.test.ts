import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { splitWords } from "../../sentiment/words.ts";
import type { Ask } from "../scorer.ts";
import { packRequests, packScores, unpackRequests, unpackScores } from "./packed.ts";

const asks = fc.constantFrom<Ask>("whole", "prefixes", "without");
const requests = fc.array(
  fc.record({
    words: fc.string({ unit: "grapheme" }).map((text) => splitWords(text)),
    ask: asks,
  }),
);

const NUMBER = fc.double({ noNaN: true, noDefaultInfinity: true });

describe("a batch on its way to another thread and back", () => {
  it("keeps its words, whatever characters they hold", () => {
    fc.assert(
      fc.property(requests, (batch) => {
        expect(unpackRequests(packRequests(batch))).toEqual(batch);
      }),
    );
  });

  it("is refused when its words are not those that were sent", () => {
    const sent = [{ words: ["a b", "c"], ask: "prefixes" as const }];
    const scores = unpackRequests(packRequests(sent)).map(({ words }) => ({
      ...{ whole: 1, empty: 0, known: 3, truncated: false },
      each: words.map(() => 1),
    }));
    expect(() => unpackScores(packScores(scores), sent)).toThrow("not those of the words");
  });

  it("is refused when a score is no number, wherever it stands", () => {
    const sent = [{ words: ["a", "b"], ask: "prefixes" as const }];
    const numbers = fc.array(NUMBER, { minLength: 4, maxLength: 4 });
    const noNumber = fc.constantFrom(NaN, Infinity, -Infinity);
    fc.assert(
      fc.property(numbers, fc.nat(3), noNumber, (good, at, bad) => {
        const [whole, empty, ...each] = good.toSpliced(at, 1, bad) as [number, number, ...number[]];
        const packed = packScores([{ whole, empty, known: 2, truncated: false, each }]);
        expect(() => unpackScores(packed, sent)).toThrow("no number");
      }),
    );
  });

  it("keeps its scores", () => {
    fc.assert(
      fc.property(requests, fc.func(NUMBER), fc.boolean(), (batch, score, truncated) => {
        const scores = batch.map(({ words, ask }, i) => ({
          whole: score(i, "whole"),
          empty: score(i, "empty"),
          known: words.length,
          truncated,
          each: ask === "whole" ? [] : words.map((_, k) => score(i, k)),
        }));
        expect(unpackScores(packScores(scores), batch)).toEqual(scores);
      }),
    );
  });
});
