/** A part of a text in which words belong together: from `start` up to, but without, `end`. */
export interface Clause {
  readonly start: number;
  readonly end: number;
  /** Where the sentence begins that the clause is part of. */
  readonly sentence: number;
}

/** Ends a sentence, except for a point inside a number or a name. */
const SENTENCE = /[.!?](?=\s|$)|[。!?\n]/gu;

/** Ends a clause. A comma inside a number does not. */
const CLAUSE =
  /[;:](?=\s|$)|,(?!\d{3})|、|\b(?:while|whereas|but|although|however)\b|[.!?](?=\s|$)|[。!?\n]/giu;

/** Takes a text apart at its marks and at words such as "while". */
export function clausesOf(text: string): Clause[] {
  const sentences = [0, ...ends(text, SENTENCE)];
  const starts = [0, ...ends(text, CLAUSE)];
  return starts.map((start, i) => ({
    start,
    end: starts[i + 1] ?? text.length + 1,
    sentence: sentences.findLast((begin) => begin <= start) ?? 0,
  }));
}

function ends(text: string, pattern: RegExp): number[] {
  return [...text.matchAll(pattern)].map((match) => match.index + match[0].length);
}
