import type { RequestHandler } from "express";
import { z } from "zod";
import pkg from "../../../package.json" with { type: "json" };
import { type ProblemCode, PROBLEMS } from "../../errors.ts";
import { endWith } from "../answer.ts";
import { EVERYWHERE, type Operation, OPERATIONS } from "../operations.ts";
import { PROBLEM, PROBLEM_TYPE } from "../problem.ts";

let text: string | undefined;

/** `GET /openapi.json`: the OpenAPI 3.1 document of the exporter, made from its routes' schemas. */
export const openApi: RequestHandler = (_req, res) => {
  text ??= openApiText();
  endWith(res, 200, "application/json", text);
};

/** The document as JSON. */
export function openApiText(): string {
  const named: NamedSchemas = {};
  const document = {
    openapi: "3.1.1",
    info: {
      title: "Headroom exporter",
      version: pkg.version,
      summary: "Sentiment of messages, and the state of the machine that analyses them.",
      license: { name: "Apache License 2.0", identifier: pkg.license },
    },
    servers: [{ url: "/" }],
    // The second is none: a token is asked for where the exporter was given one.
    security: [{ token: [] }, {}],
    paths: mapValues(OPERATIONS, (methods) =>
      mapValues(methods, (operation) => described(operation, named)),
    ),
    components: {
      securitySchemes: {
        token: { type: "http", scheme: "bearer", description: "What HEADROOM_TOKEN holds." },
      },
      schemas: named,
    },
  };
  // Where zod puts schemas that have an id, and where OpenAPI has them.
  return JSON.stringify(document).replaceAll('"#/$defs/', '"#/components/schemas/');
}

/** Schemas that have an id, which stand once in the document and are referred to. */
type NamedSchemas = Record<string, object>;

function described(operation: Operation, named: NamedSchemas) {
  const { body, answers, events, problems, parameters = [], isOpen, ...texts } = operation;
  const output = (schema: z.ZodType) => jsonSchema(schema, "output", named);
  const codes = [...EVERYWHERE, ...problems, ...(isOpen ? [] : (["unauthorized"] as const))];
  return {
    ...texts,
    ...(isOpen && { security: [] }),
    parameters: parameters.map((parameter) => ({
      ...parameter,
      required: parameter.in === "path",
      schema: output(parameter.schema),
    })),
    ...(body && {
      requestBody: {
        required: body.required,
        content: {
          "application/json": {
            schema: jsonSchema(body.schema, "input", named),
            examples: body.examples,
          },
        },
      },
    }),
    responses: {
      ...mapValues(byStatus(codes), (ofOne) => problem(ofOne, output(PROBLEM))),
      ...mapValues(answers, (content) => ({
        description: texts.summary,
        content: mapValues(content, (schema, type) => ({
          schema: output(schema),
          // OpenAPI 3.1 has no word for the data of events.
          ...(events && type === "text/event-stream" && { "x-events": mapValues(events, output) }),
        })),
      })),
    },
  };
}

function byStatus(codes: readonly ProblemCode[]): Record<string, readonly ProblemCode[]> {
  return Object.groupBy(codes, (code) => PROBLEMS[code].status) as Record<string, ProblemCode[]>;
}

/** The problems that have one status. */
function problem(codes: readonly ProblemCode[], schema: object) {
  const { status } = PROBLEMS[codes[0]!];
  const own = { properties: { status: { const: status }, code: { enum: codes } } };
  return {
    description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].title}.`).join(" "),
    ...(status === 503 && {
      headers: { "Retry-After": { description: "In seconds.", schema: { type: "integer" } } },
    }),
    content: { [PROBLEM_TYPE]: { schema: { allOf: [schema, own] } } },
  };
}

function jsonSchema(schema: z.ZodType, io: "input" | "output", named: NamedSchemas) {
  const { $schema, $defs, ...own } = z.toJSONSchema(schema, {
    io,
    override: ({ jsonSchema }) => {
      // The format says the same in a word.
      if (jsonSchema.format === "date-time") delete jsonSchema.pattern;
    },
  });
  Object.assign(named, $defs);
  return own;
}

function mapValues<T, U>(
  record: Readonly<Record<string, T>>,
  map: (value: T, key: string) => U,
): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}
