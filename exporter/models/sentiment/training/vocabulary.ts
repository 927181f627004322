import { stem } from "../../../src/sentiment/stem.ts";
import type { LexiconEntry } from "./dataset.ts";
import type { Regression } from "./regression.ts";

/** The special tokens; their ids are their places in this list. */
export const SPECIAL_TOKENS = [
  "[PAD]",
  "[UNK]",
  "[CLS]",
  "[SEP]",
  "[MASK]",
  "[POS]",
  "[NEG]",
] as const;

/** Ids of the special tokens that the model uses. */
export const UNKNOWN = SPECIAL_TOKENS.indexOf("[UNK]");
export const BEGIN = SPECIAL_TOKENS.indexOf("[CLS]");
export const POSITIVE = SPECIAL_TOKENS.indexOf("[POS]");
export const NEGATIVE = SPECIAL_TOKENS.indexOf("[NEG]");

/**
 * Function words that carry little feeling. Those that the regression found telling ("too", "only",
 * "would", ...) and the negations are not among them.
 */
const STOP_WORDS = new Set(
  `a about all am an and any are as at be been before between both by can do does doing
  during each for from further get got has have having he her here hers him his how i if in into is
  it its itself just me more my myself of on one or other our out some such t than that the their
  them there these they this those through to under until up very was we what where which while
  whom will with you your yours s she did`
    .split(/\s+/)
    .map(stem),
);

/** Words that turn round what follows; they are always read. */
export const NEGATIONS = ["not", "never", "no", "without", "hardly"];

const WORD = /^(?:[a-z][a-z0-9]+|[0-9]+|[!?])$/;

/** How the vocabulary is chosen. */
export interface VocabularyOptions {
  /** Number of tokens, special tokens included. */
  readonly size: number;
  /** How many of them are kept for lexicon words that the texts alone would not bring in. */
  readonly fromLexicon: number;
  /** Words in fewer training texts are left to the lexicon. */
  readonly leastTexts: number;
}

/**
 * Chooses the words that the model can read: those whose weight in a bag-of-words regression,
 * times the square root of the number of texts that hold them, is greatest; then the strongest
 * lexicon words, those that occur in the texts first.
 *
 * @returns the tokens in the order of their ids
 */
export function chooseVocabulary(
  texts: readonly (readonly string[])[],
  regression: Regression,
  lexicon: readonly LexiconEntry[],
  { size, fromLexicon, leastTexts }: VocabularyOptions,
): string[] {
  const counts = new Map<string, number>();
  for (const forms of texts) {
    for (const form of new Set(forms)) counts.set(form, (counts.get(form) ?? 0) + 1);
  }
  const chosen = new Set<string>(NEGATIONS);
  const add = (ranked: [string, number][], upTo: number) => {
    ranked.sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    for (const [word] of ranked) {
      if (chosen.size >= upTo) break;
      chosen.add(word);
    }
  };
  const words = size - SPECIAL_TOKENS.length;
  const important: [string, number][] = [];
  for (const [form, count] of counts) {
    if (count < leastTexts || STOP_WORDS.has(form) || !WORD.test(form)) continue;
    important.push([form, Math.abs(regression.weights.get(form) ?? 0) * Math.sqrt(count)]);
  }
  add(important, words - fromLexicon);
  const strength = ({ word, valence }: LexiconEntry) =>
    Math.abs(valence) * Math.log(2 + (counts.get(word) ?? 0));
  add(
    lexicon.map((entry) => [entry.word, strength(entry)]),
    words,
  );
  return [...SPECIAL_TOKENS, ...chosen];
}

/** Turns normalised forms into token ids. */
export type Tokenize = (forms: readonly string[]) => number[];

/**
 * The tokenizer of the model for forms that the normaliser made: a form that is not in the
 * vocabulary is dropped. llama.cpp's "bert" tokenizer gives the same ids; a test compares them.
 */
export function createTokenizer(tokens: readonly string[]): Tokenize {
  const idOf = new Map<string, number>();
  tokens.forEach((token, id) => {
    if (!token.startsWith("[")) idOf.set(token, id);
  });
  return (forms) => forms.flatMap((form) => idOf.get(form) ?? []);
}
