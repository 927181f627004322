/** How the simulated scorer spreads a message's score over its words. */
export const WEIGHTINGS = [
  /** a few words matter and most do not */
  "natural",
  /** the first word decides alone: no entropy */
  "one-word",
  /** all words weigh the same: no sparsity, and the most entropy there is */
  "even",
] as const;

/** See {@link WEIGHTINGS}. */
export type Weighting = (typeof WEIGHTINGS)[number];

/** The weight of each word, in nats; the same words have the same weights. */
export function weightsOf(words: readonly string[], weighting: Weighting): number[] {
  switch (weighting) {
    case "natural":
      return words.map(natural);
    case "one-word":
      return words.map((_, i) => (i === 0 ? 1 : 0));
    case "even":
      return words.map(() => 1);
  }
}

/** From -3 to 3, cubed so that a few words of a message matter and most do not. */
function natural(word: string): number {
  let hash = 2166136261; // FNV-1a
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 16777619);
  const uniform = ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 31 - 1;
  return 3 * uniform ** 3;
}
