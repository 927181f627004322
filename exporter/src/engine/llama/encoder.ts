import { normaliseWord } from "../../sentiment/normalise.ts";

/** Tokens that stand before and after the words of every message. */
export interface Frame {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/** A message as the model sees it: the tokens of each word, empty for a word it cannot read. */
export type EncodedWords = readonly (readonly number[])[];

/** How words become tokens of one model: plain data, which any thread can work with. */
export interface Encoding {
  readonly frame: Frame;
  /** The label tokens. */
  readonly positive: number;
  readonly negative: number;
  /** Whether the space before a word belongs to the word. */
  readonly spaced: boolean;
  /** Whether nothing stands before the first word, not even a space. */
  readonly bareStart: boolean;
  /** Whether words are normalised before they are tokenized. */
  readonly normalise: boolean;
  /** The token of what the model does not know, which is left out; absent when it is kept. */
  readonly unknown?: number | undefined;
}

/** Turns text into the tokens of one model. */
export type Tokenize = (text: string) => readonly number[];

/** Encodes a message, given as words. */
export type Encode = (words: readonly string[]) => EncodedWords;

/** Natural text repeats its words, so this many need no tokenizer. */
const REMEMBERED_WORDS = 20_000;

/**
 * A tokenizer by words: each is tokenized on its own, so that it can be left out without touching its
 * neighbours.
 */
export function createEncode(encoding: Encoding, tokenize: Tokenize): Encode {
  const { spaced, bareStart, normalise, unknown } = encoding;
  const remembered = new Map<string, readonly number[]>();

  const encodeText = (text: string, word: string): readonly number[] => {
    const forms = normalise ? normaliseWord(word) : [text];
    const ids = forms.flatMap(tokenize).filter((id) => id !== unknown);
    // To forget all of them now and then costs less than to know which was used last.
    if (remembered.size === REMEMBERED_WORDS) remembered.clear();
    remembered.set(text, ids);
    return ids;
  };
  return (words) =>
    words.map((word, i) => {
      const text = spaced && !(i === 0 && bareStart) ? ` ${word}` : word;
      return remembered.get(text) ?? encodeText(text, word);
    });
}
