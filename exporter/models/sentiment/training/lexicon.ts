import { readFileSync } from "node:fs";
import { stem } from "../../../src/sentiment/stem.ts";

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
