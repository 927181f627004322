/// <reference lib="es2024.string" />
import type { RequestHandler } from "express";
import { z } from "zod";
import { HeadroomError, type ProblemCode, type ProblemMembers } from "../../errors.ts";
import { mapFairly } from "../../fairly.ts";
import type { Analyser } from "../../sentiment/analyser.ts";
import {
  ATTRIBUTION,
  ATTRIBUTION_METHODS,
  type AttributionMethod,
  SENTIMENT_RESULT,
  type SentimentResult,
} from "../../sentiment/result.ts";
import type { TypeOf } from "../../type-of.ts";
import { Admission, MAX_BYTES_HELD } from "../admission.ts";
import { endLargeWith } from "../answer.ts";
import { whileWanted } from "../cancellation.ts";
import type { Drain } from "../drain.ts";
import { parseObject } from "../json.ts";
import { cacheUse, receiveBody } from "../request-body.ts";

/** What the sentiment route is made of. */
export interface SentimentParts {
  readonly analyser: Analyser;
  readonly drain: Drain;
  /** Messages that may be in work at once; also the bound of requests. */
  readonly queueMessages: number;
  /** Within which a request must have arrived, and then be answered. */
  readonly requestTimeoutSeconds: number;
}

/** What this route leaves in `res.locals` about a request. */
export interface SentimentLocals {
  attribution?: AttributionMethod;
}

/** The most messages of one request. */
const MAX_MESSAGES = 128;
/** The longest message, in Unicode code points. */
const MAX_MESSAGE_CODE_POINTS = 4096;

/** A code point is written with up to 12 bytes: `\ud83d\ude00`. */
const MOST_CODE_POINT_BYTES = 12;
/** Room for the fields, and for quotes and commas around messages. */
const FRAME_BYTES = 64 * 1024;
/** Any messages that are allowed fit, in any script and however they are written. */
const MAX_BODY_BYTES = MAX_MESSAGES * MAX_MESSAGE_CODE_POINTS * MOST_CODE_POINT_BYTES + FRAME_BYTES;

/** `POST /v1/sentiment`: reads, checks and admits a request, and answers with its results. */
export function sentiment(parts: SentimentParts): RequestHandler {
  const { analyser, drain, queueMessages, requestTimeoutSeconds } = parts;
  const admission = new Admission({
    messages: queueMessages,
    requests: queueMessages,
    bytes: MAX_BYTES_HELD,
  });
  const bounds = { maxBytes: MAX_BODY_BYTES, seconds: requestTimeoutSeconds };
  return async (req, res) => {
    const { body, place } = await receiveBody(req, res, admission, bounds);
    const { messages, attribution, words } = parseObject(body, SENTIMENT_BODY);
    (res.locals as SentimentLocals).attribution = attribution;
    const cache = cacheUse(req);
    const results = await whileWanted(res, drain, requestTimeoutSeconds, async (signal) => {
      // The messages count until the analyser is done with them, even when nobody waits any more.
      const free = place.addMessages(messages.length);
      try {
        return await analyser.analyse(messages, { attribution, cache, signal });
      } finally {
        free();
      }
    });
    if (res.destroyed) return;
    const { model, simulated } = analyser;
    const head = JSON.stringify({ model, simulated, attribution });
    const answers = await mapFairly(results, (result, i) =>
      JSON.stringify(answerOf(result, words ? messages[i] : undefined)),
    );
    if (res.destroyed) return;
    endLargeWith(res, `${head.slice(0, -1)},"results":[${answers.join(",")}]}`, place);
  };
}

/** One rule about a message's text, checked in this order; the first that fails is reported. */
interface TextRule {
  readonly code: ProblemCode;
  readonly holds: (message: string) => boolean;
  readonly says: string;
  readonly members?: ProblemMembers;
  /** The same rule in JSON Schema, which counts code points too. */
  readonly schema: z.core.JSONSchema.BaseSchema;
}

const TEXT_RULES: readonly TextRule[] = [
  {
    code: "message_too_long",
    holds: (message) => !isLongerThan(message, MAX_MESSAGE_CODE_POINTS),
    says: `is longer than ${MAX_MESSAGE_CODE_POINTS} characters (Unicode code points); cut it or split it`,
    members: { limit: MAX_MESSAGE_CODE_POINTS, unit: "characters" },
    schema: { maxLength: MAX_MESSAGE_CODE_POINTS },
  },
  {
    code: "empty_message",
    holds: (message) => message.trim() !== "",
    says: "is empty or only space; leave it out",
    schema: { pattern: "\\S" },
  },
  {
    code: "lone_surrogate",
    holds: (message) => message.isWellFormed(),
    says: "has half of a surrogate pair, as a cut-off emoji leaves it; cut texts between characters",
    schema: { pattern: "^\\P{Cs}*$" },
  },
  {
    code: "nul_character",
    holds: (message) => !message.includes("\0"),
    says: "contains the character NUL (U+0000), which no text needs; take it out",
    schema: { pattern: "^[^\\u0000]*$" },
  },
];

function isLongerThan(message: string, codePoints: number): boolean {
  // A code point is one or two UTF-16 units, so most texts need no counting.
  if (message.length <= codePoints) return false;
  if (message.length > 2 * codePoints) return true;
  return [...message].length > codePoints;
}

const MESSAGE = TEXT_RULES.reduce<z.ZodType<string>>(
  (schema, rule) => schema.refine(rule.holds, { params: { rule }, abort: true }),
  z.string(),
).meta({ allOf: TEXT_RULES.map(({ schema }) => schema) });

/** What a body must look like; of the size of 128 messages it takes about 15 microseconds. */
export const SENTIMENT_BODY = {
  schema: z
    .strictObject({
      messages: z.array(MESSAGE).min(1).max(MAX_MESSAGES),
      attribution: z.enum(ATTRIBUTION_METHODS).default("none"),
      words: z.boolean().default(true).describe("Whether an attribution lists the words."),
    })
    .meta({ id: "SentimentRequest" }),
  example: '{"messages": ["..."], "attribution": "none"}',
  problems: {
    messages: problemOfMessages,
    attribution: () =>
      new HeadroomError(
        "unknown_attribution",
        `The attribution method is not known; use one of ${ATTRIBUTION_METHODS.join(", ")}.`,
        { members: { field: "attribution", allowed: ATTRIBUTION_METHODS } },
      ),
    words: () =>
      new HeadroomError(
        "invalid_request",
        '"words" is not a boolean; send false to leave the words of attributions out.',
        { members: { field: "words" } },
      ),
  },
};

/** Neither the error's text nor its members hold any text of a message. */
function problemOfMessages(issue: z.core.$ZodIssue): HeadroomError {
  const index = issue.path[1] as number | undefined;
  if (issue.code === "custom") {
    const { code, says, members } = issue.params?.["rule"] as TextRule;
    return new HeadroomError(code, `Message ${index} (counted from 0) ${says}.`, {
      members: { index, ...members },
    });
  }
  const toSend = `send ${SENTIMENT_BODY.example}`;
  if (index !== undefined) {
    return new HeadroomError(
      "invalid_request",
      `Message ${index} (counted from 0) is not a string; ${toSend}.`,
      { members: { field: "messages", index } },
    );
  }
  switch (issue.code) {
    case "too_small":
      return new HeadroomError("no_messages", "The list of messages is empty; send at least one.");
    case "too_big":
      return new HeadroomError(
        "too_many_messages",
        `There are more than ${MAX_MESSAGES} messages; send them in several requests.`,
        { members: { limit: MAX_MESSAGES, unit: "messages" } },
      );
    default:
      return new HeadroomError(
        "invalid_request",
        `"messages" is missing or not a list; ${toSend}.`,
        { members: { field: "messages" } },
      );
  }
}

const WORD = z.strictObject({ text: z.string(), value: z.number() });

/** The words of an attribution are there unless left out. */
const ANSWERED_RESULT = SENTIMENT_RESULT.extend({
  attribution: ATTRIBUTION.omit({ bounds: true, values: true })
    .extend({
      words: z.array(WORD).exactOptional().describe("Each with its attribution, in nats."),
    })
    .exactOptional(),
});

/** The answer to `POST /v1/sentiment`. */
export const SENTIMENT_ANSWER = z
  .strictObject({
    model: z.string().describe("Id of the model."),
    simulated: z.boolean().describe("Whether the results are made up."),
    attribution: z.enum(ATTRIBUTION_METHODS).describe("The method that was asked for."),
    results: z.array(ANSWERED_RESULT).describe("One a message, in their order."),
  })
  .meta({ id: "SentimentAnswer" });

/** See {@link SENTIMENT_ANSWER}. */
export type SentimentAnswer = TypeOf<typeof SENTIMENT_ANSWER>;

/** An object a word is made only here, for JSON, and never kept. */
function answerOf(
  result: SentimentResult,
  message: string | undefined,
): TypeOf<typeof ANSWERED_RESULT> {
  const { attribution, ...rest } = result;
  if (!attribution) return rest;
  const { method, bounds, values, ...quality } = attribution;
  if (message === undefined) return { ...rest, attribution: { method, ...quality } };
  const words = values.map((value, i) => ({
    text: message.slice(bounds[2 * i], bounds[2 * i + 1]),
    value,
  }));
  return { ...rest, attribution: { method, words, ...quality } };
}
