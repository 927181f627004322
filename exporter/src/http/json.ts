import { isUtf8 } from "node:buffer";
import type { z } from "zod";
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

/** A JSON object whose fields are known. */
export interface ObjectBody<S extends z.ZodRawShape> {
  /** Must be strict. */
  readonly schema: z.ZodObject<S>;
  /** Of a body, as errors propose it. */
  readonly example: string;
  /** What is wrong when an issue is about this field. */
  readonly problems: Readonly<Record<keyof S, (issue: z.core.$ZodIssue) => HeadroomError>>;
}

/**
 * Reads bytes as a JSON object of known fields, each at most once.
 *
 * @throws HeadroomError as {@link parseJson}, and for the first thing that is wrong with the fields;
 * it holds nothing of the text but the name of an unknown field
 */
export function parseObject<S extends z.ZodRawShape>(
  bytes: Buffer,
  { schema, example, problems }: ObjectBody<S>,
): z.output<z.ZodObject<S>> {
  const { text, value } = parseJson(bytes, example);
  const parsed = schema.safeParse(value);
  const allowed = Object.keys(schema.shape);
  if (!parsed.success) {
    const { issues } = parsed.error;
    // A misspelt field also makes the right one missing: the first is what helps.
    const unknown = issues.find((issue) => issue.code === "unrecognized_keys");
    if (unknown?.path.length === 0) throw unknownField(unknown.keys, allowed);
    const [issue] = issues;
    const field = issue!.path[0] as (keyof S & string) | undefined;
    if (field === undefined) {
      throw new HeadroomError("invalid_request", `The body is not a JSON object; send ${example}.`);
    }
    throw problems[field](issue!);
  }
  // Of equal keys only the last is left, so any more of them in the text are repetitions.
  if (countKeys(text) === keysIn(value)) return parsed.data;
  throw new HeadroomError(
    "duplicate_field",
    "A field occurs more than once, so it is not clear which one is meant; send each once.",
    { members: { allowed } },
  );
}

function unknownField(keys: readonly string[], allowed: readonly string[]): HeadroomError {
  // Any other name could be a text.
  const field = keys.find((key) => /^\w{1,40}$/.test(key));
  return new HeadroomError(
    "unknown_field",
    `The body has a field that is not known; it may hold ${allowed.join(", ")}.`,
    { members: { field, allowed } },
  );
}

/** Counts the keys of all objects in a value, however deep. */
function keysIn(value: unknown): number {
  let keys = 0;
  const left = [value];
  while (left.length > 0) {
    const next = left.pop();
    if (typeof next !== "object" || next === null) continue;
    const inside = Object.values(next);
    if (!Array.isArray(next)) keys += inside.length;
    for (const one of inside) left.push(one);
  }
  return keys;
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

function endOfString(text: string, open: number): number {
  for (let quote = text.indexOf('"', open + 1); ; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(quote - 1 - backslashes) === 0x5c) backslashes++;
    if (backslashes % 2 === 0) return quote;
  }
}
