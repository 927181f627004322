import type { JsonGrammar } from "../../engine/generator.ts";
import { HeadroomError } from "../../errors.ts";
import { mazeIn } from "./json-maze.ts";

/** Schemas in one another. */
const MOST_LEVELS = 32;
/** Schemas and listed values in all; each makes a rule of the grammar, which is matched at every token. */
const MOST_PARTS = 1_000;
/** That are followed at once at each token. */
const MOST_ALTERNATIVES = 200;
/** Of items and characters: llama.cpp writes a rule out so many times. */
const MOST_REPETITIONS = 1_000;

/** Keywords that say nothing about what is valid. */
const NOTES = [
  "title",
  "description",
  "default",
  "examples",
  "deprecated",
  "$comment",
  "$schema",
  "$id",
];

/** What a grammar can hold a value of each type to. */
const KEYWORDS: Readonly<Record<Type, readonly string[]>> = {
  object: ["properties", "required", "additionalProperties"],
  array: ["items", "prefixItems", "minItems", "maxItems"],
  string: ["minLength", "maxLength"],
  number: [],
  integer: [],
  boolean: [],
  null: [],
};

type Type = NonNullable<JsonGrammar["type"]>;
type Schema = Readonly<Record<string, unknown>>;

/**
 * The grammar of a JSON schema: whatever is written by it is valid. It writes all properties, in their order, and
 * none that are not listed where some are.
 *
 * @throws HeadroomError `unsupported_parameter` for what a grammar cannot hold a model to
 */
export function toJsonGrammar(schema: unknown): JsonGrammar {
  const root = asSchema(schema);
  const named = { ...(root["definitions"] as Schema), ...(root["$defs"] as Schema) };
  // Names of rules are ours: theirs may hold anything.
  const names = new Map(Object.keys(named).map((name, i) => [name, `d${i}`]));
  let parts = 0;

  function convert(value: unknown, level: number): JsonGrammar {
    const schema = asSchema(value);
    if (level > MOST_LEVELS) throw refused(`is deeper than ${MOST_LEVELS} levels`);
    count(1);
    const convertAll = (list: unknown) => asList(list).map((one) => convert(one, level + 1));
    if ("$ref" in schema) {
      only(schema, ["$ref"]);
      return { $ref: `#/$defs/${nameOf(schema["$ref"])}` };
    }
    if ("anyOf" in schema) {
      only(schema, ["anyOf"]);
      return { oneOf: convertAll(schema["anyOf"]) };
    }
    if ("enum" in schema || "const" in schema) {
      const keyword = "enum" in schema ? "enum" : "const";
      only(schema, [keyword, "type"]);
      const values = keyword === "enum" ? asList(schema["enum"]) : [schema["const"]];
      count(values.length);
      return { enum: scalars(values, schema["type"]) };
    }
    const type = schema["type"];
    if (Array.isArray(type)) {
      only(schema, ["type", ...Object.values(KEYWORDS).flat()]);
      return { oneOf: asList(type).map((one) => convert(keepFor(asType(one), schema), level + 1)) };
    }
    only(schema, ["type", ...KEYWORDS[asType(type)]]);
    switch (type as Type) {
      case "object":
        return objectOf(schema, (value) => convert(value, level + 1));
      case "array":
        return {
          type: "array",
          ...("items" in schema && { items: convert(schema["items"], level + 1) }),
          ...("prefixItems" in schema && { prefixItems: convertAll(schema["prefixItems"]) }),
          ...bounds(schema, "minItems", "maxItems", asLength(schema["prefixItems"])),
        };
      case "string":
        return { type: "string", ...bounds(schema, "minLength", "maxLength", 0) };
      default:
        return { type: type as Type };
    }
  }

  function count(more: number): void {
    parts += more;
    if (parts > MOST_PARTS) throw refused(`has more than ${MOST_PARTS} parts`);
  }

  function nameOf($ref: unknown): string {
    const [, name] = /^#\/(?:\$defs|definitions)\/([^/]+)$/.exec(String($ref)) ?? [];
    const known = names.get(name ?? "");
    if (known) return known;
    throw refused('has a "$ref" that is not one of the schemas in "$defs" at its root');
  }

  const { $defs: _defs, definitions: _definitions, ...rest } = root;
  const $defs = Object.fromEntries(
    [...names].map(([name, rule]) => [rule, convert(named[name], 1)]),
  );
  const grammar = convert(rest, 1);
  const maze = mazeIn(grammar, $defs, MOST_ALTERNATIVES);
  if (maze) throw refused(maze);
  return names.size === 0 ? grammar : { ...grammar, $defs };
}

function objectOf(schema: Schema, convert: (value: unknown) => JsonGrammar): JsonGrammar {
  const listed = Object.entries(asSchema(schema["properties"] ?? {}));
  const { required = [], additionalProperties = true } = schema;
  if (asList(required, 0).some((name) => !listed.some(([key]) => key === name))) {
    throw refused('requires a property that is not in "properties"');
  }
  for (const [name] of listed) check(name);
  // Beside listed ones others are left out: one of the same name could follow, of another kind.
  const others = typeof additionalProperties === "boolean" ? additionalProperties : undefined;
  return {
    type: "object",
    properties: Object.fromEntries(listed.map(([name, value]) => [name, convert(value)])),
    additionalProperties: listed.length > 0 ? false : (others ?? convert(additionalProperties)),
  };
}

function bounds<Least extends string, Most extends string>(
  schema: Schema,
  least: Least,
  most: Most,
  atLeast: number,
): Readonly<Partial<Record<Least | Most, number>>> {
  const { [least]: low = atLeast, [most]: high = MOST_REPETITIONS } = schema;
  const isCount = (value: unknown): value is number =>
    Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MOST_REPETITIONS;
  if (!isCount(low) || !isCount(high) || Math.max(low, atLeast) > high) {
    throw refused(
      `has a "${least}" or "${most}" that is no number up to ${MOST_REPETITIONS}, or they contradict`,
    );
  }
  return {
    ...(least in schema && { [least]: Math.max(low, atLeast) }),
    ...(most in schema && { [most]: high }),
  } as Partial<Record<Least | Most, number>>;
}

function scalars(values: readonly unknown[], type: unknown): NonNullable<JsonGrammar["enum"]> {
  const types = type === undefined ? undefined : [type].flat().map(asType);
  const fitting = values.filter((value) => types?.some((one) => isOf(value, one)) ?? true);
  if (fitting.length === 0) throw refused("lists only values that are not of its type");
  return fitting.map((value) => {
    if (typeof value === "string") check(value);
    if (value === null || ["string", "number", "boolean"].includes(typeof value)) {
      return value as string;
    }
    throw refused('has an "enum" or "const" with a list or an object');
  });
}

function isOf(value: unknown, type: Type): boolean {
  if (type === "integer") return Number.isInteger(value);
  return type === "null" ? value === null : typeof value === type;
}

/** The schema of one of several types, with the keywords that are about it. */
function keepFor(type: Type, schema: Schema): Schema {
  const kept = Object.entries(schema).filter(([key]) => KEYWORDS[type].includes(key));
  return { ...Object.fromEntries(kept), type };
}

function only(schema: Schema, allowed: readonly string[]): void {
  const other = Object.keys(schema).find((key) => !allowed.includes(key) && !NOTES.includes(key));
  if (other === undefined) return;
  // Any other name could be a text.
  const name = /^\$?[A-Za-z]{1,30}$/.test(other) ? `"${other}"` : "a keyword";
  throw refused(`has ${name} where the grammar can only hold it to ${allowed.join(", ")}`);
}

function asSchema(value: unknown): Schema {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Schema;
  throw refused("has something else where a schema, an object, must be");
}

function asList(value: unknown, least = 1): readonly unknown[] {
  if (Array.isArray(value) && value.length >= least) return value;
  throw refused("has something else where a list must be, or an empty one");
}

const asLength = (list: unknown): number => (Array.isArray(list) ? list.length : 0);

function asType(value: unknown): Type {
  if (typeof value === "string" && Object.hasOwn(KEYWORDS, value)) return value as Type;
  throw refused(`has a part without a "type" of ${Object.keys(KEYWORDS).join(", ")}`);
}

function check(text: string): void {
  if (!text.isWellFormed() || text.includes("\0"))
    throw refused("has a name or value that is not valid Unicode");
}

function refused(why: string): HeadroomError {
  return new HeadroomError(
    "unsupported_parameter",
    `The JSON schema ${why}. Change that, or ask for "json_object" and describe the object in a message.`,
    { members: { param: "response_format" } },
  );
}
