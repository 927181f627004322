import { replaceEmoji, replaceEmoticons } from "./faces.ts";
import { stem } from "./stem.ts";

/** Name of this normaliser; a model file that was trained with it says so in its metadata. */
export const NORMALISER = "english-1";

const ENTITIES: Readonly<Record<string, string>> = {
  "&amp;": " and ",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&apos;": "'",
  "&#39;": "'",
  "&nbsp;": " ",
};
const ENTITY = /&(?:amp|lt|gt|quot|apos|nbsp|#39);/g;

const LINK_START = /https?:|www\./;
const DOMAINS = [".com", ".org", ".net"];
const MENTION = /(?<![a-z0-9])@[a-z0-9_]+/g;

// Looked for only where letters begin, or a long word would be read again from each of its letters.
export const NOT_APOSTROPHE = /(?<![a-z])([a-z]+)n't(?![a-z])/g;
// Longest first where one begins with another.
const NOT_PLAIN =
  /^(?:(do|does|did|is|are|was|were|has|have|had|would|could|should|must|need)nt|(can|won|ain|don)t)$/;
const CLITIC = /'(?:s|m|d|re|ve|ll)(?![a-z])/g;
const IRREGULAR: Readonly<Record<string, string>> = {
  ca: "can",
  wo: "will",
  sha: "shall",
  ai: "is",
};
const IRREGULAR_PLAIN: Readonly<Record<string, string>> = { won: "will", ain: "is", don: "do" };

const FORM = /[a-z0-9]+|[!?]|[^\x00-\x7f\s]+/g;
const ELONGATION = /([a-z!?])\1{2,}/g;

/**
 * Lower-case forms of a written word, as the tokenizer should see them; none when the word says
 * nothing (a link, a mention, punctuation).
 *
 * Emoticons and emoji become words, "n't" becomes "not", clitics ('s, 'll) and accents go, letters
 * that repeat three times or more are written twice, compounds fall into their parts, and endings
 * are cut.
 */
export function normaliseWord(word: string): string[] {
  return isPlain(word) ? [stem(word)] : normaliseRest(word);
}

/** Whether a word is lower-case letters without elongation or a missing apostrophe: most are. */
function isPlain(word: string): boolean {
  if (word === "") return false;
  let repeats = 1;
  let last = 0;
  for (let i = 0; i < word.length; i++) {
    const unit = word.charCodeAt(i);
    if (unit < 0x61 || unit > 0x7a) return false;
    repeats = unit === last ? repeats + 1 : 1;
    if (repeats > 2) return false;
    last = unit;
  }
  // Only words that end in "t" can be a negation without its apostrophe ("dont", "cannot").
  return last !== 0x74 || !(NOT_PLAIN.test(word) || word === "cannot");
}

function normaliseRest(written: string): string[] {
  let word = hasNonAscii(written) ? toPlainLetters(written) : written.toLowerCase();
  if (word.includes("&")) word = word.replace(ENTITY, (entity) => ENTITIES[entity] ?? entity);
  if (word.includes(".") || word.includes(":")) word = replaceLinks(word);
  if (word.includes("@")) word = word.replace(MENTION, " ");
  if (/[:;=<>^_]/.test(word)) word = replaceEmoticons(word);
  if (word.includes("'")) {
    word = word
      .replace(NOT_APOSTROPHE, (_, verb: string) => `${IRREGULAR[verb] ?? verb} not `)
      .replace(CLITIC, " ");
  }
  word = word.replace(ELONGATION, "$1$1");
  const forms: string[] = [];
  for (const [form] of word.matchAll(FORM)) pushForm(form, forms);
  return forms;
}

/**
 * Replaces links: all after `http:`, `https:` or `www.`, and what ends with a domain, with its path. As
 * one regular expression it would take time quadratic in the length of a word.
 */
export function replaceLinks(word: string): string {
  return word.replace(/\S+/g, (part) => {
    const start = part.search(LINK_START);
    if (start === 0) return " ";
    const domain = Math.max(...DOMAINS.map((ending) => part.lastIndexOf(ending)));
    if (domain < 1) return start < 0 ? part : `${part.slice(0, start)} `;
    const after = part.slice(domain + ".com".length);
    if (after.startsWith("/")) return " ";
    const next = after.search(LINK_START);
    return next < 0 ? ` ${after}` : ` ${after.slice(0, next)} `;
  });
}

function pushForm(form: string, forms: string[]): void {
  // One mark of each kind is enough: "!?!?" says no more than "!?".
  if ((form === "!" || form === "?") && forms.slice(-2).includes(form)) return;
  if (form === "cannot") {
    forms.push("can", "not");
    return;
  }
  const plain = NOT_PLAIN.exec(form);
  if (plain) {
    const verb = plain[1] ?? plain[2]!;
    forms.push(IRREGULAR_PLAIN[verb] ?? verb, "not");
  } else {
    forms.push(stem(form));
  }
}

/** Emoji to words, curly apostrophes to straight ones, accents away, full-width to plain letters. */
function toPlainLetters(written: string): string {
  return replaceEmoji(written)
    .replace(/[‘’`´]/g, "'")
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}/gu, "");
}

function hasNonAscii(word: string): boolean {
  for (let i = 0; i < word.length; i++) if (word.charCodeAt(i) > 0x7f) return true;
  return false;
}
