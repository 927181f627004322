/** A full stop ends a sentence only before a space or the end, so that 10.8 stays whole. */
const SENTENCE_END = /[.!?](?=\s|$)|[。!?]/gu;

/**
 * The text up to the end of its last whole sentence.
 *
 * @returns an empty text when no sentence is whole
 */
export function wholeSentences(text: string): string {
  const ends = [...text.matchAll(SENTENCE_END)];
  const last = ends.at(-1);
  return last ? text.slice(0, last.index + last[0].length).trim() : "";
}

/** The sentences of a text, in order; what follows the last mark counts as one. */
export function sentencesOf(text: string): string[] {
  const sentences: string[] = [];
  let start = 0;
  for (const end of text.matchAll(SENTENCE_END)) {
    sentences.push(text.slice(start, end.index + end[0].length));
    start = end.index + end[0].length;
  }
  sentences.push(text.slice(start));
  return sentences.map((sentence) => sentence.trim()).filter((sentence) => sentence !== "");
}

/** Whether a text ends with a whole sentence, given what comes next. */
export function endsSentence(text: string, next: string): boolean {
  return /[。!?]$/u.test(text) || (/[.!?]$/.test(text) && /^\s/.test(next));
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
