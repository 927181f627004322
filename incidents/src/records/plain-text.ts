/** Longest text of an alert that is kept, in Unicode code points. */
export const MAX_TEXT_CODE_POINTS = 500;

/**
 * Control characters, line ends, halves of surrogate pairs, and the marks that turn the direction
 * of text: none of them may change how the lines around a text look.
 */
const UNPRINTABLE =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]+/gu;

/** What has a meaning inside a line of Markdown. */
const MARKDOWN = /[\\`*_[\]<>&|~$#!]/g;

/** A text of somebody else as one printable line of bounded length. */
export function oneLine(text: string, most: number = MAX_TEXT_CODE_POINTS): string {
  // Cut twice: first cheaply, so that a text of a megabyte is not taken apart.
  const line = text
    .slice(0, 4 * most)
    .replace(UNPRINTABLE, " ")
    .replace(/ {2,}/g, " ")
    .trim();
  const points = [...line];
  const cut = points.length > most || text.length > 4 * most;
  return cut ? `${points.slice(0, most - 1).join("")}…` : line;
}

/** A text of somebody else as one line of Markdown that shows it as it is written. */
export function inMarkdown(text: string, most?: number): string {
  return oneLine(text, most).replace(MARKDOWN, "\\$&");
}

const MAX_LINK = 2000;

/** An http(s) address that is safe between `<` and `>`, without credentials; undefined for others. */
export function webLink(text: string | undefined): string | undefined {
  if (!text || text.length > MAX_LINK || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:") return undefined;
  url.username = "";
  url.password = "";
  return url.href.replace(/[<>\\\s]/g, encodeURIComponent);
}
