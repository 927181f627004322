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

describe("a batch on its way to another thread and back", () => {
  it("keeps its words, whatever characters they hold", () => {
    fc.assert(
      fc.property(requests, (batch) => {
        expect(unpackRequests(packRequests(batch))).toEqual(batch);
      }),
    );
  });

  it("keeps its scores", () => {
    fc.assert(
      fc.property(requests, fc.func(fc.double()), fc.boolean(), (batch, score, truncated) => {
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
