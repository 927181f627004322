import { UNKNOWN } from "./vocabulary.ts";

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
  return (forms) => {
    const ids: number[] = [];
    for (const form of forms) {
      const id = idOf.get(form);
      if (id !== undefined && id !== UNKNOWN) ids.push(id);
    }
    return ids;
  };
}
