import { readFileSync } from "node:fs";

/** A word and how positive (up to 4) or negative (down to -4) people found it. */
export interface LexiconEntry {
  readonly word: string;
  readonly valence: number;
}

/** Reads the reduced VADER lexicon: words of three letters and more, |valence| 1 and more. */
export function readLexicon(): LexiconEntry[] {
  return readFileSync(new URL("../lexicon/vader.tsv", import.meta.url), "utf8")
    .split("\n")
    .slice(1)
    .filter((line) => line !== "")
    .map((line) => {
      const [word, valence] = line.split("\t");
      return { word: word!, valence: Number(valence) };
    });
}
