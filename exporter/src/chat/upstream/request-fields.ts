import { setImmediate as nextTurn } from "node:timers/promises";
import { HeadroomError } from "../../errors.ts";

/** What a request says of itself, as far as metrics need it. */
export interface RequestFields {
  /** Undefined where it names none. */
  readonly model: string | undefined;
  readonly stream: boolean;
}

/** A body up to this size is parsed, which takes half a millisecond. */
const PARSED_BYTES = 128 * 1024;
/** A larger one is walked through in pieces of so many steps, between which others have their turn. */
const STEPS_A_TURN = 50_000;
/** So many brackets within each other are no request, and would take memory. */
const DEEPEST = 10_000;
/** A longer key or value is none that is looked for. */
const LONGEST_FIELD_BYTES = 512;

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Reads the two fields from a body. A large one, of pictures most of the time, is neither copied nor held
 * against the grammar: whether it is right inside is for the model server to say.
 *
 * @throws HeadroomError `invalid_json` when it is no JSON object
 */
export async function readFields(body: Buffer): Promise<RequestFields> {
  const found = body.length <= PARSED_BYTES ? parse(body) : await walk(body);
  if (found === undefined) {
    throw new HeadroomError(
      "invalid_json",
      "The body is not a JSON object, so it was not passed on; send what OpenAI's API takes.",
    );
  }
  const { model, stream } = found;
  return { model: typeof model === "string" ? model : undefined, stream: stream === true };
}

type Fields = Readonly<Record<string, unknown>>;

function parse(text: Buffer): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text.toString());
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Fields)
      : undefined;
  } catch {
    return undefined;
  }
}

/** The short fields of an object, found by its quotes and brackets alone; strings are jumped over. */
async function walk(body: Buffer): Promise<Fields | undefined> {
  const fields = Object.create(null) as Record<string, unknown>;
  const open: number[] = [];
  /** Where the key or the value begins that is being read, and the key. */
  let from = 0;
  let key: unknown;
  let inString = false;
  let steps = 0;
  const take = (to: number) => {
    const text = to - from <= LONGEST_FIELD_BYTES ? body.toString("utf8", from, to) : "";
    from = to + 1;
    return valueOf(text);
  };
  for (let i = 0; i < body.length; i++) {
    if (++steps % STEPS_A_TURN === 0) await nextTurn();
    if (inString) {
      i = body.indexOf(QUOTE, i);
      if (i < 0) return undefined;
      inString = isEscaped(body, i);
      continue;
    }
    const byte = body[i]!;
    if (byte === QUOTE) {
      inString = true;
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      if (open.length === 0) {
        if (byte !== OPEN_OBJECT || !isBlank(body, 0, i)) return undefined;
        from = i + 1;
      }
      if (open.push(byte + 2) > DEEPEST) return undefined;
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      if (open.length === 1 && typeof key === "string") fields[key] = take(i);
      if (open.pop() !== byte) return undefined;
      if (open.length === 0) return isBlank(body, i + 1, body.length) ? fields : undefined;
    } else if (open.length === 1 && byte === COLON) {
      key = take(i);
    } else if (open.length === 1 && byte === COMMA) {
      const value = take(i);
      if (typeof key === "string") fields[key] = value;
    }
  }
  return undefined;
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether an odd number of backslashes stands before. */
function isEscaped(body: Buffer, at: number): boolean {
  let first = at;
  while (body[first - 1] === BACKSLASH) first--;
  return (at - first) % 2 === 1;
}

function isBlank(body: Buffer, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const byte = body[i]!;
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return false;
  }
  return true;
}
