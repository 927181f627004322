import { styleText } from "node:util";
import stringWidth from "string-width";
import { PLAIN, type Screen, type Style } from "./columns.ts";

/** Each style as Node names its colours. */
const COLOURS = {
  good: "green",
  near: "yellow",
  bad: ["red", "bold"],
  title: "bold",
  head: "dim",
} as const satisfies Record<Style, Parameters<typeof styleText>[0]>;

/** Fewer columns are no terminal that anyone reads in, and more are a slip of the pen. */
const COLUMNS = { least: 20, most: 10_000 };

/** The part of a stream that a screen needs; `process.stdout` is one. */
export type ScreenStream = NodeJS.WritableStream & {
  readonly isTTY?: boolean;
  readonly columns?: number;
};

/**
 * The screen behind a stream: as wide as COLUMNS says, else as the terminal is; a file or a pipe has no
 * width. Colours where the terminal has them, without NO_COLOR; FORCE_COLOR has them everywhere.
 */
export function screenOn(stream: ScreenStream = process.stdout, env = process.env): Screen {
  const told = Number(env["COLUMNS"]);
  const isWidth = Number.isInteger(told) && told >= COLUMNS.least && told <= COLUMNS.most;
  return {
    columns: isWidth ? told : stream.isTTY ? stream.columns || 80 : PLAIN.columns,
    width: (text) => stringWidth(text),
    paint: (text, style) => styleText(COLOURS[style], text, { stream, validateStream: true }),
  };
}

/** Cuts a text to the width of a terminal, since a line that wraps cannot be rewritten. */
export function fit(text: string, columns = 80): string {
  if (stringWidth(text) < columns) return text;
  const letters = [...text];
  while (stringWidth(letters.join("")) > columns - 4) letters.pop();
  return `${letters.join("")}...`;
}
