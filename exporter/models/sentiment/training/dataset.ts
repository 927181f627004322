import { readFileSync } from "node:fs";

/** The data sets, by the name that the figures and the card use. */
export const SETS = {
  movie: "movie-snippets",
  product: "product-reviews",
  tweets: "tweets",
} as const;

/** Name of a data set. */
export type SetName = keyof typeof SETS;

/** The names of the data sets, in the order in which they are reported. */
export const SET_NAMES = Object.keys(SETS) as SetName[];

/** One labelled text. */
export interface Row {
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
