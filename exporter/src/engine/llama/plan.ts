import type { Ask, Scores } from "../scorer.ts";
import type { EncodedWords, Frame } from "./encoder.ts";

/** Scores of a message whose words are known. */
export type WordScores = Omit<Scores, "bounds">;

/**
 * The sequences that one message needs, as a tree: a trunk that is read at some of its tokens, and
 * branches that leave it and are read at their last. Everything grows from `frame.before`, which is
 * the same for all messages and not part of it.
 */
export interface Tree {
  readonly trunk: Int32Array;
  /** Ascending indexes into `trunk`. */
  readonly reads: readonly number[];
  readonly branches: readonly Branch[];
  /** Makes the message's scores of those at `reads`, followed by those of the branches, in nats. */
  readonly assemble: (scores: Float64Array) => WordScores;
}

/** The last to leave comes first, so that those which share a token of the trunk are neighbours. */
export interface Branch {
  /** How many tokens it has in common with the trunk. */
  readonly from: number;
  /** Its own, a view: one for each word would be as many tokens as words times words. */
  readonly tokens: Int32Array;
}

/**
 * Plans one message. Words that do not fit into `maxTokens` are left out.
 *
 * Without tokens after the words, all prefixes are read along the trunk, because the model is causal;
 * with them, each prefix is a branch of those tokens. A message without one of its words is a branch
 * with the tokens behind the word.
 *
 * @param empty - the score of a message without words, in nats
 */
export function planTree(
  encoded: EncodedWords,
  ask: Ask,
  frame: Frame,
  maxTokens: number,
  empty: number,
): Tree {
  const { words, truncated } = fit(encoded, maxTokens - frame.before.length - frame.after.length);
  const n = ask === "whole" ? 0 : words.length;
  const after = Int32Array.from(frame.after);
  // The words that the model can read, all their tokens, and where each of them ends.
  const known: number[] = [];
  const ends: number[] = [];
  let length = 0;
  for (let i = 0; i < words.length; i++) {
    if (words[i]!.length === 0) continue;
    length += words[i]!.length;
    known.push(i);
    ends.push(length);
  }
  const bare = new Int32Array(length);
  let at = 0;
  for (const i of known) for (const id of words[i]!) bare[at++] = id;
  const base = { empty, known: known.length, truncated };

  if (known.length === 0) {
    const each = new Array<number>(n).fill(empty);
    return {
      trunk: bare,
      reads: [],
      branches: [],
      assemble: () => ({ ...base, whole: empty, each }),
    };
  }

  if (ask === "prefixes") {
    const along = after.length === 0;
    return {
      trunk: bare,
      reads: along ? ends.map((end) => end - 1) : [],
      branches: along ? [] : ends.toReversed().map((from) => ({ from, tokens: after })),
      assemble: (read) => {
        const scores = along ? [...read] : [...read].reverse();
        return { ...base, whole: scores.at(-1)!, each: carryForward(known, scores, n, empty) };
      },
    };
  }
  const trunk = after.length === 0 ? bare : Int32Array.from([...bare, ...after]);
  const whole = trunk.length - 1;
  if (ask === "whole") {
    return {
      trunk,
      reads: [whole],
      branches: [],
      assemble: ([score]) => ({ ...base, whole: score!, each: [] }),
    };
  }
  const starts = [0, ...ends.slice(0, -1)];
  // Without its last word a message may be its own beginning, which is read on the way to the whole.
  const ownBeginning = known.length > 1 && after.length === 0;
  const reads = ownBeginning ? [starts.at(-1)! - 1, whole] : [whole];
  // Without its only readable word a message is empty, and that score is known.
  const left = known.length === 1 ? 0 : known.length - (ownBeginning ? 1 : 0);
  return {
    trunk,
    reads,
    branches: Array.from({ length: left }, (_, k) => {
      const word = left - 1 - k;
      return { from: starts[word]!, tokens: trunk.subarray(ends[word]) };
    }),
    assemble: (scores) => {
      const all = scores[reads.length - 1]!;
      const each = new Array<number>(n).fill(all);
      if (known.length === 1) each[known[0]!] = empty;
      if (ownBeginning) each[known.at(-1)!] = scores[0]!;
      for (let k = 0; k < left; k++) each[known[left - 1 - k]!] = scores[reads.length + k]!;
      return { ...base, whole: all, each };
    },
  };
}

/** Tokens to evaluate as one sequence, and the positions whose label logits are wanted. */
export interface Sequence {
  readonly tokens: readonly number[];
  /** Ascending indexes into `tokens`. */
  readonly reads: readonly number[];
}

/** The sequences that one message needs where they share nothing. */
export interface Plan {
  readonly sequences: readonly Sequence[];
  /** @param read - for each sequence, the score at each of its reads */
  assemble(read: readonly (readonly number[])[]): WordScores;
}

/** Plans one message as {@link planTree} does, each branch with its part of the trunk. */
export function planMessage(
  encoded: EncodedWords,
  ask: Ask,
  frame: Frame,
  maxTokens: number,
  empty: number,
): Plan {
  const { trunk, reads, branches, assemble } = planTree(encoded, ask, frame, maxTokens, empty);
  const offset = frame.before.length;
  const whole = { tokens: [...frame.before, ...trunk], reads: reads.map((i) => offset + i) };
  const sequences = branches.map((branch): Sequence => {
    const tokens = [...frame.before, ...trunk.subarray(0, branch.from), ...branch.tokens];
    return { tokens, reads: [tokens.length - 1] };
  });
  return {
    sequences: reads.length > 0 ? [whole, ...sequences] : sequences,
    assemble: (read) => assemble(Float64Array.from(read.flat())),
  };
}

/** A word that the model cannot read leaves the score as it was before the word. */
function carryForward(
  known: readonly number[],
  scores: readonly number[],
  n: number,
  empty: number,
): number[] {
  const each: number[] = [];
  let next = 0;
  let current = empty;
  for (let word = 0; word < n; word++) {
    if (known[next] === word) current = scores[next++]!;
    each.push(current);
  }
  return each;
}

/** Blanks the words from the first that no longer fits. */
function fit(words: EncodedWords, room: number): { words: EncodedWords; truncated: boolean } {
  let used = 0;
  const cut = words.findIndex((ids) => (used += ids.length) > room);
  if (cut === -1) return { words, truncated: false };
  return { words: words.map((ids, i) => (i < cut ? ids : [])), truncated: true };
}
