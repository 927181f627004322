import { readFileSync } from "node:fs";
import { normaliseWord } from "../../../src/sentiment/normalise.ts";
import { stem } from "../../../src/sentiment/stem.ts";
import { splitWords } from "../../../src/sentiment/words.ts";

/** The data sets, by the name that the figures and the card use. */
const SETS = {
  movie: "movie-snippets",
  product: "product-reviews",
  tweets: "tweets",
} as const;

/** Name of a data set. */
export type SetName = keyof typeof SETS;

/** The names of the data sets, in the order in which they are reported. */
export const SET_NAMES = Object.keys(SETS) as SetName[];

/** One labelled text. */
interface Row {
  readonly set: SetName;
  /** 1 positive, 0 negative. */
  readonly label: 0 | 1;
  readonly text: string;
}

/**
 * Reads every data set.
 *
 * @throws Error when a line is not `label<TAB>text` with label 0 or 1
 */
export function readDataset(): Row[] {
  return SET_NAMES.flatMap((set) => {
    const name = `${SETS[set]}.tsv`;
    const lines = readFileSync(new URL(`../data/${name}`, import.meta.url), "utf8").split("\n");
    return lines
      .slice(1)
      .filter((line) => line !== "")
      .map((line, i) => parseRow(set, line, `${name}:${i + 2}`));
  });
}

function parseRow(set: SetName, line: string, place: string): Row {
  const tab = line.indexOf("\t");
  const label = line.slice(0, tab);
  if (label !== "0" && label !== "1") {
    throw new Error(
      `${place}: a line must be "0" or "1", a tab and a text; got ${line.slice(0, 40)}`,
    );
  }
  return { set, label: label === "1" ? 1 : 0, text: line.slice(tab + 1) };
}

/** The part of the data that a text belongs to. */
type Part = "training" | "test";

/** Of 100 buckets, the first 20 are for testing. */
const TEST_BUCKETS = 20;

/**
 * Decides by a hash of the text alone, so that a text that stands twice (in other letter case or
 * spacing) never is on both sides, and no order or seed changes the split.
 */
export function partOf(text: string): Part {
  const bucket = hash(text.toLowerCase().replace(/\s+/g, " ").trim()) % 100;
  return bucket < TEST_BUCKETS ? "test" : "training";
}

/** FNV-1a over UTF-16 units, with murmur3's finaliser to mix the low bits. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A labelled text with its normalised forms and the part of the data that it belongs to. */
export interface Example extends Row {
  readonly part: Part;
  readonly forms: readonly string[];
}

/** The forms of a text, word after word. */
export function formsOf(text: string): string[] {
  return splitWords(text).flatMap(normaliseWord);
}

/** Prepares every text. */
export function prepare(rows: readonly Row[]): Example[] {
  return rows.map((row) => ({ ...row, part: partOf(row.text), forms: formsOf(row.text) }));
}

/** A stemmed word and how positive (up to 4) or negative (down to -4) people found it. */
export interface LexiconEntry {
  readonly word: string;
  readonly valence: number;
}

/**
 * Reads the reduced VADER lexicon (words of three letters and more, |valence| 1 and more), as the
 * normaliser sees it: words with the same stem become one entry with their mean valence.
 */
export function readLexicon(): LexiconEntry[] {
  const lines = readFileSync(new URL("../lexicon/vader.tsv", import.meta.url), "utf8").split("\n");
  const valences = new Map<string, number[]>();
  for (const line of lines.slice(1)) {
    if (line === "") continue;
    const [word, valence] = line.split("\t");
    const stemmed = stem(word!);
    valences.set(stemmed, [...(valences.get(stemmed) ?? []), Number(valence)]);
  }
  return Array.from(valences, ([word, found]) => ({
    word,
    valence: found.reduce((sum, valence) => sum + valence, 0) / found.length,
  }));
}
