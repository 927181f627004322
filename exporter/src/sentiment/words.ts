// Scripts that put no spaces between words. The first of them starts at U+0E00.
const FIRST_UNSPACED = 0x0e00;
const UNSPACED_RUN =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}ー、。！？]+/gu;

let segmenter: Intl.Segmenter | undefined;

/** Whether a UTF-16 code unit is white space, as `\s` in a regular expression has it. */
function isSpace(unit: number): boolean {
  if (unit < 0x80) return unit === 0x20 || (unit >= 0x09 && unit <= 0x0d);
  return (
    unit === 0xa0 ||
    unit === 0x1680 ||
    (unit >= 0x2000 && unit <= 0x200a) ||
    unit === 0x2028 ||
    unit === 0x2029 ||
    unit === 0x202f ||
    unit === 0x205f ||
    unit === 0x3000 ||
    unit === 0xfeff
  );
}

/**
 * Splits a message into the words that its author wrote: at white space, and inside runs of
 * scripts that have no spaces (Chinese, Japanese, Thai, ...) where the Unicode segmenter sees a
 * word's end. Punctuation stays with the word it touches, so the words hold every character of the
 * message that is not white space.
 */
export function splitWords(message: string): string[] {
  const words: string[] = [];
  let start = -1;
  let unspaced = false;
  for (let i = 0; i <= message.length; i++) {
    const unit = i < message.length ? message.charCodeAt(i) : 0x20;
    if (!isSpace(unit)) {
      if (start < 0) start = i;
      if (unit >= FIRST_UNSPACED) unspaced = true;
    } else if (start >= 0) {
      const text = message.slice(start, i);
      if (unspaced) pushUnspaced(text, words);
      else words.push(text);
      start = -1;
      unspaced = false;
    }
  }
  return words;
}

/** Splits a text without white space that may hold scripts that need none. */
function pushUnspaced(text: string, words: string[]): void {
  let done = 0;
  const push = (from: number, to: number) => {
    if (to > from) words.push(text.slice(from, to));
  };
  for (const run of text.matchAll(UNSPACED_RUN)) {
    push(done, run.index);
    done = run.index + run[0].length;
    segmenter ??= new Intl.Segmenter(undefined, { granularity: "word" });
    let from = run.index;
    let to = from;
    // A segment that is no word (a full stop) goes with the word before it.
    for (const segment of segmenter.segment(run[0])) {
      if (segment.isWordLike && to > from) {
        push(from, to);
        from = to;
      }
      to = run.index + segment.index + segment.segment.length;
    }
    push(from, to);
  }
  push(done, text.length);
}
