import { z } from "zod";
import type { ProblemCode } from "../errors.ts";
import { HARDWARE_REPORT } from "../hardware/report.ts";
import { DELTA, STATEMENT, STATUS_ANSWER } from "../status/answer.ts";
import { SCENARIO_NAMES } from "../status/scenarios.ts";
import {
  CHAT_REQUEST,
  COMPLETION,
  EMBEDDINGS,
  EMBEDDINGS_REQUEST,
  MODEL_LIST,
  TEXT_REQUEST,
} from "./open-ai.ts";
import { LIMITS_ANSWER } from "./routes/limits.ts";
import { ALIVE, READINESS } from "./routes/probes.ts";
import { SENTIMENT_ANSWER, SENTIMENT_BODY } from "./routes/sentiment.ts";
import { STATUS_BODY, STATUS_LIST } from "./routes/status.ts";

/** Schemas by media type. */
export type Content = Readonly<Record<string, z.ZodType>>;

/** What one method of one path takes and answers. */
export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly Parameter[];
  readonly body?: {
    readonly required: boolean;
    readonly schema: z.ZodType;
    /** Each is sent by the tests, and what comes back is held against the document. */
    readonly examples: Readonly<Record<string, { readonly value: unknown }>>;
  };
  /** By status. */
  readonly answers: Readonly<Record<number, Content>>;
  /** The data of each server-sent event. */
  readonly events?: Content;
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

const json = (schema: z.ZodType): Content => ({ "application/json": schema });

const read = (
  operationId: string,
  summary: string,
  schema: z.ZodType,
  problems: readonly ProblemCode[] = [],
) => ({ get: { operationId, summary, answers: { 200: json(schema) }, problems } });

const DRAINS: readonly ProblemCode[] = ["draining"];

/** What can be wrong where OpenAI's API is spoken. */
const MODEL: readonly ProblemCode[] = [
  ...WORK,
  "unknown_model",
  "context_length_exceeded",
  "unsupported_parameter",
  "model_failed",
  "model_unavailable",
  "upstream_unreachable",
  "upstream_failed",
];

/** A path of OpenAI's API, in the words that its clients know. */
const openAi = (
  operation: Pick<Operation, "operationId" | "summary" | "answers">,
  schema: z.ZodType,
  examples: Readonly<Record<string, object>>,
) => ({
  post: {
    ...operation,
    description:
      "OpenAI's API. A model server behind the exporter (`HEADROOM_UPSTREAM_URL`) gets the body byte for byte, " +
      "and what it answers, its errors too, comes back so; without one the chat model answers, and refuses what " +
      "it cannot do. Problems also have OpenAI's `error`. The head of a streamed answer comes with its first " +
      "content.",
    body: {
      required: true,
      schema,
      examples: Object.fromEntries(
        Object.entries(examples).map(([name, value]) => [name, { value }]),
      ),
    },
    problems: MODEL,
  },
});

const STREAMED = { "application/json": COMPLETION, "text/event-stream": z.string() };

const HELLO = { model: "llama3.2", messages: [{ role: "user", content: "Hello" }] };

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
          scores: { value: { messages: ["LOVED it!! :)", "Never again."] } },
          words: { value: { messages: ["LOVED it!! :)"], attribution: "occlusion" } },
          quality: {
            value: { messages: ["とても良い映画でした"], attribution: "prefix", words: false },
          },
        },
      },
      answers: { 200: json(SENTIMENT_ANSWER) },
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
  "/v1/status": read("listScenarios", "What can be asked about the machine", STATUS_LIST, DRAINS),
  "/v1/status/{scenario}": {
    post: {
      operationId: "analyseStatus",
      summary: "How the machine is",
      description:
        "Code finds what there is to say, and a chat model puts it into words where there is one " +
        "and time for it. An empty body is an object without fields. With `stream`: the event `findings`, " +
        "then `delta`s, of which none is taken back, and `done` with the whole answer.",
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
          defaults: { value: {} },
          short: { value: { strategy: "speed", language: "ja", deadlineMs: 1000 } },
          stream: { value: { stream: true } },
        },
      },
      answers: {
        200: { "application/json": STATUS_ANSWER, "text/event-stream": z.string() },
      },
      events: { findings: STATEMENT, delta: DELTA, done: STATUS_ANSWER },
      problems: [
        ...WORK,
        "unknown_scenario",
        "unknown_strategy",
        "unknown_language",
        "deadline_out_of_range",
      ],
    },
  },
  "/v1/chat/completions": openAi(
    { operationId: "chat", summary: "The next message of a chat", answers: { 200: STREAMED } },
    CHAT_REQUEST,
    { whole: HELLO, stream: { ...HELLO, stream: true } },
  ),
  "/v1/completions": openAi(
    { operationId: "complete", summary: "How a text goes on", answers: { 200: STREAMED } },
    TEXT_REQUEST,
    { whole: { model: "llama3.2", prompt: "Once upon a time" } },
  ),
  "/v1/embeddings": openAi(
    {
      operationId: "embed",
      summary: "Vectors of texts; only of a model server",
      answers: { 200: json(EMBEDDINGS) },
    },
    EMBEDDINGS_REQUEST,
    { one: { model: "nomic-embed-text", input: "Hello" } },
  ),
  "/v1/models": read("listModels", "The chat models", MODEL_LIST, [
    ...DRAINS,
    "deadline_exceeded",
    "upstream_unreachable",
    "upstream_failed",
  ]),
  "/v1/hardware": read("getHardware", "The machine, its models, advice", HARDWARE_REPORT, DRAINS),
  "/v1/limits": read(
    "getLimits",
    "The limits as they hold here now, and the goals",
    LIMITS_ANSWER,
    DRAINS,
  ),
  "/metrics": {
    get: {
      operationId: "getMetrics",
      summary: "What Prometheus scrapes; OpenMetrics when `Accept` asks for it",
      answers: { 200: { "text/plain": z.string(), "application/openmetrics-text": z.string() } },
      problems: [],
    },
  },
  "/healthz": {
    get: { ...read("getAlive", "Whether the process is alive", ALIVE).get, isOpen: true },
  },
  "/readyz": {
    get: {
      operationId: "getReadiness",
      summary: "Whether requests can be answered",
      answers: { 200: json(READINESS), 503: json(READINESS) },
      problems: [],
    },
  },
  "/openapi.json": read("getOpenApi", "This document", z.looseObject({ openapi: z.string() })),
};
