/**
 * Shorter words are never cut, and no ending is cut that would leave less than this. Three letters are
 * left where the word itself has no more: "flies" and "fly", "digging" and "dig".
 */
const SHORTEST_STEM = 4;

const INFLECTIONS = ["ingly", "edly", "ing", "ed", "ly"];

// Longest first where one ends another.
const DERIVATIONS = (
  "fulness lessness iveness ational ness ment ation ition able ible ful ous ive ion ity al er or " +
  "est ist ism"
).split(" ");

/**
 * Cuts the endings of a lower-case English word, so that "entertains", "entertaining" and
 * "entertainment" are one form and a small vocabulary reaches further. It takes a plural, one
 * inflection and one derivation; "less" stays, because it turns a word's meaning round.
 */
export function stem(word: string): string {
  if (word.length <= SHORTEST_STEM || !isLetters(word)) return word;
  let stemmed = cutPlural(word);
  const inflected = cutFirst(stemmed, INFLECTIONS);
  if (inflected !== stemmed) stemmed = cutDoubled(inflected);
  if (stemmed.length > SHORTEST_STEM) {
    // "love" and "lov(ing)", "funny" and "funni(er)" meet here.
    if (stemmed.endsWith("e")) stemmed = stemmed.slice(0, -1);
    if (stemmed.length > SHORTEST_STEM && stemmed.endsWith("y")) {
      stemmed = `${stemmed.slice(0, -1)}i`;
    }
  }
  return cutFirst(stemmed, DERIVATIONS);
}

function isLetters(word: string): boolean {
  for (let i = 0; i < word.length; i++) {
    const unit = word.charCodeAt(i);
    if (unit < 0x61 || unit > 0x7a) return false;
  }
  return true;
}

/** "stories" -> "story", "actors" -> "actor", but not "boss" or "bonus". */
function cutPlural(word: string): string {
  if (!word.endsWith("s")) return word;
  if (word.endsWith("ies")) return `${word.slice(0, -3)}y`;
  return word.endsWith("ss") || word.endsWith("us") ? word : word.slice(0, -1);
}

function cutFirst(word: string, endings: readonly string[]): string {
  for (const ending of endings) {
    if (word.length - ending.length >= SHORTEST_STEM && word.endsWith(ending)) {
      return word.slice(0, -ending.length);
    }
  }
  return word;
}

/** "stunn(ing)" -> "stun", but not "fall(ing)", "miss(ing)" or a vowel. */
function cutDoubled(word: string): string {
  const last = word.at(-1)!;
  return word.at(-2) === last && !"aeiouls".includes(last) ? word.slice(0, -1) : word;
}
