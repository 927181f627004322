import { normaliseWord } from "../../../src/sentiment/normalise.ts";
import { splitWords } from "../../../src/sentiment/words.ts";
import type { Row } from "./dataset.ts";
import { partOf, type Part } from "./split.ts";

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
