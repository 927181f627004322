import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Ask } from "../../scorer.ts";
import type { EncodedWords, Frame } from "../encoder.ts";
import { planTree } from "../plan.ts";
import type { Rows } from "./rows.ts";
import { fillSlices, type Slice, type SliceLimits, type Wanted } from "./slices.ts";

/** Rows in JavaScript's own memory. */
const createRows = (length: number): Rows => ({
  token: new Int32Array(length),
  position: new Int32Array(length),
  sequence: new Int32Array(length),
  sequences: new Int32Array(length),
  wanted: new Int8Array(length),
});

/** A stand-in for a model: a score that depends on every token and on its position. */
const scoreAt = (tokens: readonly number[]) =>
  tokens.reduce((sum, token, i) => sum + Math.sin(token * 7.1 + i * 0.37), 0);

/**
 * A stand-in for the engine, which obeys the rules of llama.cpp's attention: a token sees those before
 * it that belong to its first sequence. It refuses what llama.cpp refuses.
 */
function evaluate(rows: Rows, slice: Slice, root: readonly number[]): number[] {
  const scores: number[] = [];
  const sequences = new Map<number, number[]>();
  for (let row = 0; row < slice.length; row++) {
    const first = rows.sequence[row]!;
    for (let s = first; s < first + rows.sequences[row]!; s++) {
      const tokens = sequences.get(s) ?? [...root];
      sequences.set(s, tokens);
      expect(rows.position[row]).toBe(tokens.length);
      tokens.push(rows.token[row]!);
    }
    if (rows.wanted[row] === 1) scores.push(scoreAt(sequences.get(first)!));
  }
  return scores;
}

const MAX_TOKENS = 60;

function byTrees(messages: readonly EncodedWords[], ask: Ask, frame: Frame, limits: SliceLimits) {
  const rows = createRows(Math.max(limits.tokens, MAX_TOKENS));
  const empty = scoreAt([...frame.before, ...frame.after]);
  const planned: Wanted[] = messages.map((words) => {
    const tree = planTree(words, ask, frame, MAX_TOKENS, empty);
    return { tree, scores: new Float64Array(tree.reads.length + tree.branches.length) };
  });
  const lengths: number[] = [];
  for (const slice of fillSlices(planned, rows, limits)) {
    lengths.push(slice.length);
    const read = evaluate(rows, slice, frame.before);
    expect(read).toHaveLength(slice.at.length);
    slice.into.forEach((scores, i) => (scores[slice.at[i]!] = read[i]!));
  }
  return { scores: planned.map(({ tree, scores }) => tree.assemble(scores)), lengths };
}

/** Scores each variant of a message by itself. */
function oneByOne(message: EncodedWords, ask: Ask, frame: Frame) {
  const score = (some: EncodedWords) => scoreAt([...frame.before, ...some.flat(), ...frame.after]);
  let used = frame.before.length + frame.after.length;
  const cut = message.findIndex((ids) => (used += ids.length) > MAX_TOKENS);
  const words = cut === -1 ? message : message.map((ids, i) => (i < cut ? ids : []));
  const each = {
    whole: () => [],
    prefixes: () => words.map((_, i) => score(words.slice(0, i + 1))),
    without: () => words.map((_, i) => score(words.toSpliced(i, 1))),
  }[ask]();
  return {
    ...{ whole: score(words), empty: score([]), each },
    known: words.filter((ids) => ids.length > 0).length,
    truncated: cut !== -1,
  };
}

const words = fc.array(fc.array(fc.integer({ min: 10, max: 99 }), { maxLength: 3 }), {
  maxLength: 30,
});
const frames = fc.constantFrom<Frame>(
  { before: [1], after: [] },
  { before: [1, 2], after: [3] },
  { before: [], after: [4, 5] },
);
const asks = fc.constantFrom<Ask>("whole", "prefixes", "without");
const limits = (frame: Frame, tokens: number, sequences: number) => ({
  root: frame.before.length,
  tokens,
  sequences,
});

describe("trees in slices", () => {
  it("give every message the scores of a loop that shares nothing", () => {
    fc.assert(
      fc.property(
        fc.array(words, { maxLength: 6 }),
        asks,
        frames,
        fc.integer({ min: 1, max: 90 }),
        fc.integer({ min: 2, max: 12 }),
        (messages, ask, frame, tokens, sequences) => {
          const { scores } = byTrees(messages, ask, frame, limits(frame, tokens, sequences));
          messages.forEach((message, i) => {
            const expected = oneByOne(message, ask, frame);
            expect({ ...scores[i]!, each: [], whole: 0 }).toEqual({
              ...expected,
              each: [],
              whole: 0,
            });
            expect(scores[i]!.whole).toBeCloseTo(expected.whole, 9);
            expect(scores[i]!.each).toHaveLength(expected.each.length);
            expected.each.forEach((score, k) => expect(scores[i]!.each[k]).toBeCloseTo(score, 9));
          });
        },
      ),
    );
  });

  it("are never longer than the slice or the longest message", () => {
    fc.assert(
      fc.property(
        fc.array(words, { maxLength: 6 }),
        asks,
        frames,
        fc.integer({ min: 1, max: 90 }),
        (messages, ask, frame, tokens) => {
          const { lengths } = byTrees(messages, ask, frame, limits(frame, tokens, 8));
          for (const length of lengths) {
            expect(length).toBeLessThanOrEqual(Math.max(tokens, MAX_TOKENS - frame.before.length));
          }
        },
      ),
    );
  });

  it("evaluate once what the variants of a message have in common", () => {
    const message = Array.from({ length: 20 }, (_, i) => [10 + i]);
    const frame = { before: [1], after: [2, 3] };
    const one = limits(frame, 1000, 64);
    const trunk = 20 + 2;
    const behindEachWord = Array.from({ length: 20 }, (_, i) => 19 - i + 2);
    expect(byTrees([message], "without", frame, one).lengths).toEqual([
      trunk + behindEachWord.reduce((a, b) => a + b),
    ]);
    expect(byTrees([message], "prefixes", frame, one).lengths).toEqual([20 + 20 * 2]);
  });

  it("plan a message only when the slice before it is evaluated", () => {
    const frame = { before: [1], after: [] };
    const asked: number[] = [];
    function* messages(): Generator<Wanted> {
      for (let i = 0; i < 4; i++) {
        asked.push(i);
        const tree = planTree([[10], [11], [12]], "whole", frame, MAX_TOKENS, 0);
        yield { tree, scores: new Float64Array(1) };
      }
    }
    const slices = fillSlices(messages(), createRows(8), limits(frame, 4, 8));
    slices.next();
    expect(asked).toEqual([0, 1]);
  });
});
