import { describe, expect, it } from "@jest/globals";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { answerTo } from "../../engine/simulated/answer.ts";
import { toJsonGrammar } from "./json-schema.ts";

const TEXT = { type: "string" };
const object = (properties: object, more: object = {}) => ({ type: "object", properties, ...more });

describe("the grammar of a JSON schema", () => {
  it("has the properties that are listed, and no others beside them", () => {
    expect(toJsonGrammar(object({ a: TEXT }, { required: ["a"], title: "A" }))).toEqual({
      type: "object",
      properties: { a: TEXT },
      additionalProperties: false,
    });
  });

  it("has others where none are listed", () => {
    const numbers = { type: "object", additionalProperties: { type: "integer" } };
    expect(toJsonGrammar(numbers)).toMatchObject({ additionalProperties: { type: "integer" } });
    expect(toJsonGrammar({ type: "object" })).toMatchObject({ additionalProperties: true });
  });

  it("names rules by itself, whatever they are called, and takes the older place for them", () => {
    const schema = { $ref: "#/definitions/ü ö", definitions: { "ü ö": TEXT } };
    expect(toJsonGrammar(schema)).toEqual({ $ref: "#/$defs/d0", $defs: { d0: TEXT } });
  });

  it("takes one type of several with the keywords that are about it", () => {
    expect(toJsonGrammar({ type: ["string", "null"], maxLength: 3 })).toEqual({
      oneOf: [{ type: "string", maxLength: 3 }, { type: "null" }],
    });
  });

  it("takes a loop that writes something, and alternatives that are told apart by their first property", () => {
    const sum = object({
      kind: { const: "sum" },
      of: { type: "array", items: { $ref: "#/$defs/a" } },
    });
    const number = object({ kind: { const: "number" }, value: { type: "number" } });
    expect(
      toJsonGrammar({ $ref: "#/$defs/a", $defs: { a: { anyOf: [sum, number] } } }),
    ).toBeDefined();
  });
});

/** So many alternatives in one another, which begin alike. */
const maze = (levels: number, wide: number): object =>
  levels === 0 ? TEXT : { anyOf: Array(wide).fill(object({ a: maze(levels - 1, wide) })) };
const deep = (levels: number): object => (levels === 0 ? TEXT : object({ a: deep(levels - 1) }));
const doubled = Object.fromEntries(
  Array.from({ length: 60 }, (_, i) => {
    const next = { $ref: `#/$defs/n${i + 1}` };
    return [`n${i}`, i < 59 ? { anyOf: [next, next] } : TEXT];
  }),
);

describe("a JSON schema that no grammar can hold a model to", () => {
  it.each([
    ["that is none", "text", /an object/],
    ["without a type", object({ a: {} }), /"type" of object, array/],
    ["of an unknown type", { type: "file" }, /"type" of/],
    ["with a pattern", { type: "string", pattern: "^(a+)+$" }, /has "pattern" where/],
    ["with a format", { type: "string", format: "email" }, /"format"/],
    ["with bounds of numbers", { type: "integer", minimum: 1 }, /"minimum"/],
    ["with a keyword that could be a text", { type: "null", "a secret": 1 }, /has a keyword where/],
    ["with oneOf, which forbids what fits twice", { oneOf: [TEXT] }, /"oneOf"|"type"/],
    ["that requires what it does not list", object({ a: TEXT }, { required: ["b"] }), /requires/],
    ["whose enum has other types", { type: "string", enum: [1] }, /not of its type/],
    ["whose enum has objects", { enum: [{}] }, /"enum" or "const"/],
    ["without values", { enum: [] }, /empty/],
    ["with bounds that contradict", { type: "string", minLength: 3, maxLength: 2 }, /contradict/],
    ["with far too many items", { type: "array", items: TEXT, minItems: 1e9 }, /up to 1000/],
    ["of many levels", deep(40), /deeper than 32/],
    ["of many parts", { enum: [...Array(2_000).keys()] }, /more than 1000 parts/],
    ["that refers elsewhere", { $ref: "https://example.com/a.json" }, /"\$ref"/],
    ["that refers to a name of JavaScript", { $ref: "#/$defs/constructor", $defs: {} }, /"\$ref"/],
    ["that refers to itself", { $ref: "#/$defs/a", $defs: { a: { $ref: "#/$defs/a" } } }, /loop/],
    [
      "that refers to itself in an alternative",
      { $ref: "#/$defs/a", $defs: { a: { anyOf: [{ $ref: "#/$defs/a" }, TEXT] } } },
      /loop/,
    ],
    [
      "with a loop through alternatives that begin alike",
      {
        $ref: "#/$defs/a",
        $defs: { a: { anyOf: Array(2).fill(object({ a: { $ref: "#/$defs/a" } })) } },
      },
      /begin alike/,
    ],
    ["with alternatives of alternatives", { $ref: "#/$defs/n0", $defs: doubled }, /alternatives/],
    ["with alternatives in one another that begin alike", maze(4, 4), /begin alike/],
    ["with half a surrogate pair", object({ "\ud800": TEXT }), /Unicode/],
    ["with NUL", { const: "\0" }, /Unicode/],
  ])("%s is refused", (_, schema, why) => {
    const refused = expect(() => toJsonGrammar(schema));
    refused.toThrow(why);
    refused.toThrow(
      expect.objectContaining({
        code: "unsupported_parameter",
        members: { param: "response_format" },
      }),
    );
  });
});

describe("what the simulated model writes by a grammar", () => {
  const size = fc.integer({ min: 0, max: 3 });
  const { schema } = fc.letrec<{ schema: object }>((tie) => ({
    schema: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.constantFrom(
        { type: "null" },
        { type: "integer" },
        { type: "number" },
        { type: "boolean" },
      ),
      fc.record({
        enum: fc.array(fc.oneof(fc.string(), fc.integer()), { minLength: 1, maxLength: 3 }),
      }),
      fc
        .record({ minLength: size })
        .map(({ minLength }) => ({ type: "string", minLength, maxLength: 3 })),
      fc
        .tuple(tie("schema"), size)
        .map(([items, minItems]) => ({ type: "array", items, minItems })),
      fc
        .dictionary(fc.string(), tie("schema"), { maxKeys: 3, noNullPrototype: true })
        .map((properties) => object(properties, { required: Object.keys(properties) })),
      fc.array(tie("schema"), { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf })),
    ),
  }));

  it("is valid by the schema", () => {
    const ajv = new Ajv2020({ strict: false });
    fc.assert(
      fc.property(schema, (schema) => {
        const text = [...answerTo("", toJsonGrammar(schema))].join("");
        const validate = ajv.compile(schema);
        validate(JSON.parse(text));
        expect(validate.errors).toBeNull();
      }),
    );
  });

  it("is made while it is taken, so that a loop without an end costs nothing", () => {
    const endless = { $ref: "#/$defs/a", $defs: { a: object({ a: { $ref: "#/$defs/a" } }) } };
    const pieces = answerTo("", toJsonGrammar(endless))[Symbol.iterator]();
    for (let i = 0; i < 100; i++) expect(pieces.next().done).toBe(false);
  });
});
