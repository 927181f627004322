import type { JsonGrammar, Wishes } from "../generator.ts";

/** Tokens of a simulated conversation. */
export const CONTEXT_TOKENS = 32_768;

/** Long enough for a load test to choose the length with `max_tokens`. */
const WORDS = 512;

/**
 * What the simulated model answers: the same to the same. Without JSON it says that it is simulated, and
 * then the words of what it was asked, over and over; it is made while it is taken.
 */
export function answerTo(asked: string, json: Wishes["json"]): Iterable<string> {
  if (json === "object") return ['{"simulated": true}'];
  return json ? valueOf(json, json.$defs ?? {}) : wordsFrom(asked);
}

function* wordsFrom(asked: string): Iterable<string> {
  yield "This answer is simulated.";
  const words = asked.match(/\p{L}+/gu) ?? ["so"];
  for (let i = 0; i < WORDS; i++) yield ` ${words[i % words.length]}`;
}

type Defs = NonNullable<JsonGrammar["$defs"]>;

/** The shortest that a schema asks for; one whose loop has no end is cut off where the tokens end. */
function* valueOf(schema: JsonGrammar, defs: Defs): Iterable<string> {
  const { $ref, oneOf, type, properties = {}, items, prefixItems = [], minItems = 0 } = schema;
  if ($ref !== undefined) return yield* valueOf(defs[$ref.split("/").at(-1)!]!, defs);
  if (oneOf) return yield* valueOf(oneOf.find((one) => !("$ref" in one)) ?? oneOf[0]!, defs);
  if (schema.enum) return yield JSON.stringify(schema.enum[0]);
  if (type === "object") {
    yield "{";
    for (const [i, [name, value]] of Object.entries(properties).entries()) {
      yield `${i > 0 ? "," : ""}${JSON.stringify(name)}:`;
      yield* valueOf(value, defs);
    }
    return yield "}";
  }
  if (type === "array") {
    yield "[";
    for (let i = 0; i < Math.max(minItems, prefixItems.length); i++) {
      if (i > 0) yield ",";
      yield* valueOf(prefixItems[i] ?? items ?? { type: "null" }, defs);
    }
    return yield "]";
  }
  yield scalarOf(schema);
}

function scalarOf({ type, minLength = 0, maxLength = Infinity }: JsonGrammar): string {
  switch (type) {
    case "string":
      return JSON.stringify("simulated".padEnd(minLength, ".").slice(0, maxLength));
    case "number":
      return "0.5";
    case "integer":
      return "1";
    case "boolean":
      return "true";
    default:
      return "null";
  }
}
