import type { RequestHandler } from "express";
import { z } from "zod";
import pkg from "../../../package.json" with { type: "json" };
import { type ProblemCode, PROBLEMS } from "../../errors.ts";
import { HARDWARE_REPORT } from "../../hardware/report.ts";
import { STATUS_ANSWER } from "../../status/answer.ts";
import { endWith } from "../answer.ts";
import { type Answer, EVERYWHERE, type Operation, OPERATIONS } from "../operations.ts";
import { PROBLEM, PROBLEM_TYPE } from "../problem.ts";
import { LIMITS_ANSWER } from "./limits.ts";
import { ALIVE, READINESS } from "./probes.ts";
import { SENTIMENT_ANSWER, SENTIMENT_BODY } from "./sentiment.ts";
import { STATUS_BODY, STATUS_LIST } from "./status.ts";

/** Schemas that have a name in the document; others stand where they are used. */
const NAMED: ReadonlyMap<z.ZodType, string> = new Map<z.ZodType, string>([
  [SENTIMENT_BODY.schema, "SentimentRequest"],
  [SENTIMENT_ANSWER, "SentimentAnswer"],
  [STATUS_BODY.schema, "StatusRequest"],
  [STATUS_ANSWER, "StatusAnswer"],
  [STATUS_LIST, "StatusList"],
  [HARDWARE_REPORT, "HardwareReport"],
  [LIMITS_ANSWER, "Limits"],
  [ALIVE, "Alive"],
  [READINESS, "Readiness"],
  [PROBLEM, "Problem"],
]);
const REQUESTS: readonly z.ZodType[] = [SENTIMENT_BODY.schema, STATUS_BODY.schema];

/** The OpenAPI 3.1 document of the exporter, made from the schemas that its routes use. */
export function openApiDocument() {
  return {
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
    paths: mapValues(OPERATIONS, (methods) => mapValues(methods, described)),
    components: {
      securitySchemes: {
        token: { type: "http", scheme: "bearer", description: "What HEADROOM_TOKEN holds." },
      },
      schemas: Object.fromEntries(
        Array.from(NAMED, ([schema, name]) => [name, jsonSchema(schema)]),
      ),
    },
  };
}

let text: string | undefined;

/** `GET /openapi.json`: the document. */
export const openApi: RequestHandler = (_req, res) => {
  text ??= JSON.stringify(openApiDocument());
  endWith(res, 200, "application/json", text);
};

function described(operation: Operation) {
  const { body, answers, problems, parameters = [], isOpen, ...texts } = operation;
  const codes = [...EVERYWHERE, ...problems, ...(isOpen ? [] : (["unauthorized"] as const))];
  return {
    ...texts,
    ...(isOpen && { security: [] }),
    parameters: parameters.map((parameter) => ({
      ...parameter,
      required: parameter.in === "path",
      schema: referred(parameter.schema),
    })),
    ...(body && {
      requestBody: {
        required: body.required,
        content: { "application/json": { schema: referred(body.schema), examples: body.examples } },
      },
    }),
    responses: { ...mapValues(byStatus(codes), problem), ...mapValues(answers, answered) },
  };
}

function byStatus(codes: readonly ProblemCode[]): Record<string, ProblemCode[]> {
  return Object.groupBy(codes, (code) => PROBLEMS[code].status) as Record<string, ProblemCode[]>;
}

/** The problems that have one status. */
function problem(codes: readonly ProblemCode[]) {
  const { status } = PROBLEMS[codes[0]!];
  return {
    description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].title}.`).join(" "),
    ...(status === 503 && {
      headers: { "Retry-After": { description: "In seconds.", schema: { type: "integer" } } },
    }),
    content: {
      [PROBLEM_TYPE]: {
        schema: {
          allOf: [
            referred(PROBLEM),
            { properties: { status: { const: status }, code: { enum: codes } } },
          ],
        },
      },
    },
  };
}

function answered({ description, content, events }: Answer) {
  return {
    description,
    content: mapValues(content, (schema, type) => ({
      schema: referred(schema),
      // OpenAPI 3.1 has no word for the data of events.
      ...(events && type === "text/event-stream" && { "x-events": mapValues(events, referred) }),
    })),
  };
}

function referred(schema: z.ZodType) {
  const name = NAMED.get(schema);
  return name === undefined ? jsonSchema(schema) : { $ref: `#/components/schemas/${name}` };
}

function jsonSchema(schema: z.ZodType) {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io: REQUESTS.includes(schema) ? "input" : "output",
    override: ({ jsonSchema }) => {
      // The format says the same in a word.
      if (jsonSchema.format === "date-time") delete jsonSchema.pattern;
    },
  });
  return rest;
}

function mapValues<T, U>(
  record: Readonly<Record<string, T>>,
  map: (value: T, key: string) => U,
): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}
