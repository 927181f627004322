import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Ask } from "../scorer.ts";
import type { EncodedWords, Frame } from "./encoder.ts";
import { planMessage, type Sequence } from "./plan.ts";

const BARE: Frame = { before: [1], after: [] };
const FRAMED: Frame = { before: [1, 2], after: [3] };

/** A stand-in for a model: a score that depends on every token and on its position. */
const scoreAt = (tokens: readonly number[]) =>
  tokens.reduce((sum, token, i) => sum + Math.sin(token * 7.1 + i * 0.37), 0);
const read = ({ tokens, reads }: Sequence) => reads.map((i) => scoreAt(tokens.slice(0, i + 1)));

function plan(words: EncodedWords, ask: Ask, frame: Frame, maxTokens = 1000) {
  const empty = scoreAt([...frame.before, ...frame.after]);
  const planned = planMessage(words, ask, frame, maxTokens, empty);
  return { planned, scores: planned.assemble(planned.sequences.map(read)) };
}
const naive = (words: EncodedWords, frame: Frame) =>
  scoreAt([...frame.before, ...words.flat(), ...frame.after]);

const encoded = fc.array(fc.array(fc.integer({ min: 10, max: 99 }), { maxLength: 3 }), {
  maxLength: 12,
});
const frames = fc.constantFrom(BARE, FRAMED);

describe("planMessage", () => {
  it("reads all prefixes from one pass when nothing follows the words", () => {
    expect(plan([[10], [], [11, 12]], "prefixes", BARE).planned.sequences).toEqual([
      { tokens: [1, 10, 11, 12], reads: [1, 3] },
    ]);
  });

  it("evaluates each prefix on its own when the template goes on after the words", () => {
    expect(plan([[10], [11]], "prefixes", FRAMED).planned.sequences).toHaveLength(2);
  });

  it("evaluates nothing for a message that the model cannot read", () => {
    const { planned, scores } = plan([[], []], "without", BARE);
    expect(planned.sequences).toEqual([]);
    expect(scores).toEqual({
      whole: scoreAt([1]),
      empty: scoreAt([1]),
      known: 0,
      truncated: false,
      each: [scoreAt([1]), scoreAt([1])],
    });
  });

  it("leaves out the words that do not fit, and says so", () => {
    const { planned, scores } = plan([[10], [11], [12]], "whole", BARE, 3);
    expect(planned.sequences[0]!.tokens).toEqual([1, 10, 11]);
    expect(scores).toMatchObject({ truncated: true, known: 2 });
  });

  it("agrees with scoring every prefix by itself", () => {
    fc.assert(
      fc.property(encoded, frames, (words, frame) => {
        const { scores } = plan(words, "prefixes", frame);
        expect(scores.each).toHaveLength(words.length);
        words.forEach((_, i) =>
          expect(scores.each[i]).toBeCloseTo(naive(words.slice(0, i + 1), frame), 9),
        );
        expect(scores.whole).toBeCloseTo(naive(words, frame), 9);
      }),
    );
  });

  it("agrees with leaving out every word by itself", () => {
    fc.assert(
      fc.property(encoded, frames, (words, frame) => {
        const { scores } = plan(words, "without", frame);
        expect(scores.each).toHaveLength(words.length);
        words.forEach((_, i) =>
          expect(scores.each[i]).toBeCloseTo(naive(words.toSpliced(i, 1), frame), 9),
        );
      }),
    );
  });

  it("never plans a sequence that is longer than the context", () => {
    fc.assert(
      fc.property(
        encoded,
        frames,
        fc.constantFrom<Ask>("whole", "prefixes", "without"),
        fc.integer({ min: 4, max: 12 }),
        (words, frame, ask, maxTokens) => {
          for (const { tokens, reads } of plan(words, ask, frame, maxTokens).planned.sequences) {
            expect(tokens.length).toBeLessThanOrEqual(maxTokens);
            expect(reads.at(-1)).toBe(tokens.length - 1);
          }
        },
      ),
    );
  });
});
