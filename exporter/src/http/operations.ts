import { z } from "zod";
import type { ProblemCode } from "../errors.ts";
import { HARDWARE_REPORT } from "../hardware/report.ts";
import { DELTA, STATEMENT, STATUS_ANSWER } from "../status/answer.ts";
import { SCENARIO_NAMES } from "../status/scenarios.ts";
import { LIMITS_ANSWER } from "./routes/limits.ts";
import { ALIVE, READINESS } from "./routes/probes.ts";
import { SENTIMENT_ANSWER, SENTIMENT_BODY } from "./routes/sentiment.ts";
import { STATUS_BODY, STATUS_LIST } from "./routes/status.ts";

/** What one method of one path takes and answers. */
export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly Parameter[];
  readonly body?: Body;
  /** By status; each with its schema by media type. */
  readonly answers: Readonly<Record<number, Answer>>;
  /** Beside those of {@link EVERYWHERE}. */
  readonly problems: readonly ProblemCode[];
  /** Whether it is answered without the token. */
  readonly isOpen?: true;
}

interface Parameter {
  readonly name: string;
  readonly in: "path" | "header";
  readonly description: string;
  readonly schema: z.ZodType;
}

interface Body {
  readonly required: boolean;
  readonly schema: z.ZodType;
  /** Each is sent by the tests, and what comes back is held against the document. */
  readonly examples: Readonly<
    Record<string, { readonly summary: string; readonly value: unknown }>
  >;
}

/** What is answered with one status. */
export interface Answer {
  readonly description: string;
  readonly content: Readonly<Record<string, z.ZodType>>;
  /** The data of each server-sent event. */
  readonly events?: Readonly<Record<string, z.ZodType>>;
}

/** What can be wrong with any request. */
export const EVERYWHERE: readonly ProblemCode[] = [
  "malformed_http",
  "request_timeout",
  "host_not_allowed",
  "headers_too_large",
  "internal_error",
];

/** What can be wrong with a body, and with work that waits for others. */
const WORK: readonly ProblemCode[] = [
  "invalid_json",
  "invalid_encoding",
  "invalid_request",
  "unknown_field",
  "duplicate_field",
  "body_too_large",
  "unsupported_media_type",
  "unsupported_charset",
  "unsupported_encoding",
  "overloaded",
  "draining",
  "deadline_exceeded",
];

const json = (description: string, schema: z.ZodType): Answer => ({
  description,
  content: { "application/json": schema },
});

const CACHE_CONTROL: Parameter = {
  name: "Cache-Control",
  in: "header",
  description: "`no-store` leaves the cache out: nothing is read from it or written to it.",
  schema: z.string(),
};

/** Every operation of the exporter, by path and method; a route that is not here fails the tests. */
export const OPERATIONS: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  "/v1/sentiment": {
    post: {
      operationId: "analyseSentiment",
      summary: "Labels, scores and attributions of messages",
      description:
        "A message without a word that the model knows is `neutral`: no evidence, not an error. " +
        "Nothing of a message is logged, and no error holds its text.",
      parameters: [CACHE_CONTROL],
      body: {
        required: true,
        schema: SENTIMENT_BODY.schema,
        examples: {
          scores: {
            summary: "Scores alone",
            value: { messages: ["LOVED it!! :)", "Never again."] },
          },
          words: {
            summary: "Which words carried the score",
            value: { messages: ["LOVED it!! :)"], attribution: "occlusion" },
          },
          quality: {
            summary: "How concentrated an attribution is, without its words",
            value: { messages: ["とても良い映画でした"], attribution: "prefix", words: false },
          },
        },
      },
      answers: { 200: json("One result a message, in their order.", SENTIMENT_ANSWER) },
      problems: [
        ...WORK,
        "no_messages",
        "too_many_messages",
        "empty_message",
        "message_too_long",
        "lone_surrogate",
        "nul_character",
        "unknown_attribution",
        "too_much_work",
        "model_failed",
        "model_unavailable",
      ],
    },
  },
  "/v1/status": {
    get: {
      operationId: "listScenarios",
      summary: "What can be asked about the machine",
      answers: { 200: json("The scenarios, strategies and languages.", STATUS_LIST) },
      problems: ["draining"],
    },
  },
  "/v1/status/{scenario}": {
    post: {
      operationId: "analyseStatus",
      summary: "How the machine is",
      description:
        "Code finds what there is to say, and a chat model puts it into words where there is one " +
        "and time for it. An empty body is an object without fields.",
      parameters: [
        {
          name: "scenario",
          in: "path",
          description: "What is asked.",
          schema: z.enum(SCENARIO_NAMES),
        },
        CACHE_CONTROL,
      ],
      body: {
        required: false,
        schema: STATUS_BODY.schema,
        examples: {
          defaults: { summary: "As it is asked for without a body", value: {} },
          short: {
            summary: "Short, in Japanese, within a second",
            value: { strategy: "speed", language: "ja", deadlineMs: 1000 },
          },
          stream: { summary: "As server-sent events", value: { stream: true } },
        },
      },
      answers: {
        200: {
          description:
            'JSON, or with `"stream": true` server-sent events: `findings`, then `delta`s, of which ' +
            "none is taken back, and `done` with the whole answer.",
          content: { "application/json": STATUS_ANSWER, "text/event-stream": z.string() },
          events: { findings: STATEMENT, delta: DELTA, done: STATUS_ANSWER },
        },
      },
      problems: [
        ...WORK,
        "unknown_scenario",
        "unknown_strategy",
        "unknown_language",
        "deadline_out_of_range",
      ],
    },
  },
  "/v1/hardware": {
    get: {
      operationId: "getHardware",
      summary: "The machine, how models are run on it, and advice",
      answers: { 200: json("As it is now.", HARDWARE_REPORT) },
      problems: ["draining"],
    },
  },
  "/v1/limits": {
    get: {
      operationId: "getLimits",
      summary: "The limits and the goals",
      answers: { 200: json("The limits as they hold on this machine now.", LIMITS_ANSWER) },
      problems: ["draining"],
    },
  },
  "/metrics": {
    get: {
      operationId: "getMetrics",
      summary: "What Prometheus scrapes",
      answers: {
        200: {
          description: "The Prometheus format, or OpenMetrics when `Accept` asks for it.",
          content: { "text/plain": z.string(), "application/openmetrics-text": z.string() },
        },
      },
      problems: [],
    },
  },
  "/healthz": {
    get: {
      operationId: "getAlive",
      summary: "Whether the process is alive",
      answers: { 200: json("It is; this says nothing of its parts.", ALIVE) },
      problems: [],
      isOpen: true,
    },
  },
  "/readyz": {
    get: {
      operationId: "getReadiness",
      summary: "Whether requests can be answered",
      answers: {
        200: json("They can.", READINESS),
        503: json("They cannot: a model is not there yet, or the exporter stops.", READINESS),
      },
      problems: [],
    },
  },
  "/openapi.json": {
    get: {
      operationId: "getOpenApi",
      summary: "This document",
      answers: {
        200: json("OpenAPI 3.1.", z.looseObject({ openapi: z.string() })),
      },
      problems: [],
    },
  },
};
