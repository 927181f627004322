/** A full stop ends a sentence only before a space or the end, so that 10.8 stays whole. */
const SENTENCE_END = /\.(?=\s|$)|[。!?！？]+/gu;

/** Where the sentences of a text end: the places right behind their last marks, in order. */
export function sentenceEnds(text: string): number[] {
  return [...text.matchAll(SENTENCE_END)].map((mark) => mark.index + mark[0].length);
}

/**
 * The text up to the end of its last whole sentence.
 *
 * @returns an empty text when no sentence is whole
 */
export function wholeSentences(text: string): string {
  return text.slice(0, sentenceEnds(text).at(-1) ?? 0).trim();
}

/** The sentences of a text, in order; what follows the last mark counts as one. */
export function sentencesOf(text: string): string[] {
  const ends = [0, ...sentenceEnds(text)];
  return ends
    .map((start, i) => text.slice(start, ends[i + 1]).trim())
    .filter((sentence) => sentence !== "");
}

/** The text up to the first sentence that an earlier one said already. */
export function withoutRepetition(text: string): string {
  const seen = new Set<string>();
  let end = 0;
  for (const sentence of sentencesOf(text)) {
    const plain = sentence.normalize("NFKC").toLowerCase();
    if (seen.has(plain)) return text.slice(0, end);
    seen.add(plain);
    end = text.indexOf(sentence, end) + sentence.length;
  }
  return text;
}
