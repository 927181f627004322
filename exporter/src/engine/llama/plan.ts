import type { Ask, Scores } from "../scorer.ts";

/** Scores of a message whose words are known. */
export type WordScores = Omit<Scores, "bounds">;

/** Tokens that stand before and after the words of every message. */
export interface Frame {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/** Tokens to evaluate as one sequence, and the positions whose label logits are wanted. */
export interface Sequence {
  readonly tokens: readonly number[];
  /** Ascending indexes into `tokens`. */
  readonly reads: readonly number[];
}

/** The sequences that one message needs, and how their scores become the message's scores. */
export interface Plan {
  readonly sequences: readonly Sequence[];
  /** @param read - for each sequence, the score at each of its reads */
  assemble(read: readonly (readonly number[])[]): WordScores;
}

/** A message as the model sees it: the tokens of each word, empty for a word it cannot read. */
export type EncodedWords = readonly (readonly number[])[];

/**
 * Plans the evaluation of one message. Words that do not fit into `maxTokens` are left out.
 *
 * Without tokens after the words, all prefixes are read from one pass, because the model is
 * causal; with them, each prefix is a sequence of its own.
 *
 * @param empty - the score of a message without words, in nats
 */
export function planMessage(
  encoded: EncodedWords,
  ask: Ask,
  frame: Frame,
  maxTokens: number,
  empty: number,
): Plan {
  const { words, truncated } = fit(encoded, maxTokens - frame.before.length - frame.after.length);
  const known = words.flatMap((ids, i) => (ids.length > 0 ? [i] : []));
  const base = { empty, known: known.length, truncated };
  const n = ask === "whole" ? 0 : words.length;

  if (known.length === 0) {
    return {
      sequences: [],
      assemble: () => ({ ...base, whole: empty, each: new Array<number>(n).fill(empty) }),
    };
  }
  const sequence = (kept: EncodedWords): Sequence => {
    const tokens = [...frame.before, ...kept.flat(), ...frame.after];
    return { tokens, reads: [tokens.length - 1] };
  };

  if (ask === "whole") {
    return {
      sequences: [sequence(words)],
      assemble: (read) => ({ ...base, whole: read[0]![0]!, each: [] }),
    };
  }
  if (ask === "without") {
    // Without its only readable word a message is empty, and that score is known.
    const variants = known.length === 1 ? [] : known;
    return {
      sequences: [sequence(words), ...variants.map((i) => sequence(words.toSpliced(i, 1)))],
      assemble: (read) => {
        const whole = read[0]![0]!;
        const each = new Array<number>(n).fill(whole);
        known.forEach((word, k) => (each[word] = read[k + 1]?.[0] ?? empty));
        return { ...base, whole, each };
      },
    };
  }
  const sequences =
    frame.after.length === 0
      ? [onePass(words, frame)]
      : known.map((i) => sequence(words.slice(0, i + 1)));
  return {
    sequences,
    assemble: (read) => {
      const scores = read.flat();
      return { ...base, whole: scores.at(-1)!, each: carryForward(known, scores, n, empty) };
    },
  };
}

/** One sequence with a read at the last token of every word that the model can read. */
function onePass(words: EncodedWords, frame: Frame): Sequence {
  const tokens = [...frame.before];
  const reads: number[] = [];
  for (const ids of words) {
    if (ids.length === 0) continue;
    tokens.push(...ids);
    reads.push(tokens.length - 1);
  }
  return { tokens, reads };
}

/** A word that the model cannot read leaves the score as it was before the word. */
export function carryForward(
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
export function fit(
  words: EncodedWords,
  room: number,
): { words: EncodedWords; truncated: boolean } {
  let used = 0;
  const cut = words.findIndex((ids) => (used += ids.length) > room);
  if (cut === -1) return { words, truncated: false };
  return { words: words.map((ids, i) => (i < cut ? ids : [])), truncated: true };
}
