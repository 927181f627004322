import { isUtf8 } from "node:buffer";
import { HeadroomError } from "../errors.ts";

const BYTE_ORDER_MARK = /^\ufeff/;
/** Between a key and its value; sticky, so that it matches only where it is put. */
const AFTER_KEY = /[ \t\r\n]*:/y;

/**
 * Reads bytes as JSON, strictly: bytes that are not UTF-8 are refused, not replaced.
 *
 * @param example - what the error about an empty body proposes
 * @throws HeadroomError `invalid_encoding` or `invalid_json`; never with a piece of the text, which
 * the messages of JSON.parse would hold
 */
export function parseJson(
  bytes: Buffer,
  example: string,
): { readonly text: string; readonly value: unknown } {
  // On plain ASCII ten times faster than a TextDecoder that is fatal, and equal on other text.
  if (!isUtf8(bytes)) {
    throw new HeadroomError(
      "invalid_encoding",
      "The body has bytes that are not UTF-8; encode the whole body as UTF-8.",
    );
  }
  const text = bytes.toString("utf8").replace(BYTE_ORDER_MARK, "");
  try {
    return { text, value: JSON.parse(text) };
  } catch (error) {
    const position = /at position (\d+)/.exec(error instanceof Error ? error.message : "")?.[1];
    throw new HeadroomError(
      "invalid_json",
      text.trim() === ""
        ? `The body is empty; send JSON such as ${example}.`
        : `The body is not JSON${position ? ` at character ${position}` : ""}; ` +
            "check quotes, commas and that nothing is cut off.",
      { members: { position: position === undefined ? undefined : Number(position) } },
    );
  }
}

/**
 * Counts the keys of all objects in a JSON text. JSON.parse keeps only the last of equal keys; the
 * text still has them all.
 *
 * @param text - must be valid JSON
 */
export function countKeys(text: string): number {
  let keys = 0;
  for (let open = text.indexOf('"'); open !== -1;) {
    const close = endOfString(text, open);
    AFTER_KEY.lastIndex = close + 1;
    if (AFTER_KEY.test(text)) keys++;
    open = text.indexOf('"', close + 1);
  }
  return keys;
}

/**
 * Refuses a JSON object in which a field occurs twice.
 *
 * @param text - the object's JSON
 * @param value - what was read of it; it may hold no other objects
 * @param fields - what the error proposes
 * @throws HeadroomError `duplicate_field`
 */
export function refuseRepeatedFields(text: string, value: object, fields: readonly string[]): void {
  if (countKeys(text) === Object.keys(value).length) return;
  throw new HeadroomError(
    "duplicate_field",
    "A field occurs more than once, so it is not clear which one is meant; send each once.",
    { members: { allowed: fields } },
  );
}

function endOfString(text: string, open: number): number {
  for (let quote = text.indexOf('"', open + 1); ; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(quote - 1 - backslashes) === 0x5c) backslashes++;
    if (backslashes % 2 === 0) return quote;
  }
}
