/// <reference lib="es2024.string" />
import { z } from "zod";
import { HeadroomError, type ProblemCode, type ProblemMembers } from "../errors.ts";
import { ATTRIBUTION_METHODS, type AttributionMethod } from "../sentiment/result.ts";
import { parseJson, refuseRepeatedFields } from "./json.ts";

/** The most messages of one request. */
export const MAX_MESSAGES = 128;
/** The longest message, in Unicode code points. */
export const MAX_MESSAGE_CODE_POINTS = 4096;

/** A code point is written with up to 12 bytes: `\ud83d\ude00`. */
const MOST_CODE_POINT_BYTES = 12;
/** Room for the fields, and for quotes and commas around messages. */
const FRAME_BYTES = 64 * 1024;
/** The largest body: any messages that are allowed fit, in any script and however they are written. */
export const MAX_BODY_BYTES =
  MAX_MESSAGES * MAX_MESSAGE_CODE_POINTS * MOST_CODE_POINT_BYTES + FRAME_BYTES;

/** The body of `POST /v1/sentiment`. */
export interface SentimentRequest {
  readonly messages: readonly string[];
  readonly attribution: AttributionMethod;
  /** Whether an attribution lists the words; who knows them can leave them out. */
  readonly words: boolean;
}

const FIELDS = ["messages", "attribution", "words"] as const;

/** One rule about a message's text, checked in this order; the first that fails is reported. */
interface TextRule {
  readonly code: ProblemCode;
  readonly holds: (message: string) => boolean;
  readonly says: string;
  readonly members?: ProblemMembers;
}

const TEXT_RULES: readonly TextRule[] = [
  {
    code: "message_too_long",
    holds: (message) => !isLongerThan(message, MAX_MESSAGE_CODE_POINTS),
    says: `is longer than ${MAX_MESSAGE_CODE_POINTS} characters (Unicode code points); cut it or split it`,
    members: { limit: MAX_MESSAGE_CODE_POINTS, unit: "characters" },
  },
  {
    code: "empty_message",
    holds: (message) => message.trim() !== "",
    says: "is empty or only space; leave it out",
  },
  {
    code: "lone_surrogate",
    holds: (message) => message.isWellFormed(),
    says: "has half of a surrogate pair, as a cut-off emoji leaves it; cut texts between characters",
  },
  {
    code: "nul_character",
    holds: (message) => !message.includes("\0"),
    says: "contains the character NUL (U+0000), which no text needs; take it out",
  },
];

const message = TEXT_RULES.reduce<z.ZodType<string>>(
  (schema, rule) => schema.refine(rule.holds, { params: { rule }, abort: true }),
  z.string(),
);

/** What a body must look like; of the size of 128 messages it takes about 15 microseconds. */
const SCHEMA = z.strictObject({
  messages: z.array(message).min(1).max(MAX_MESSAGES),
  attribution: z.enum(ATTRIBUTION_METHODS).default("none"),
  words: z.boolean().default(true),
});

/**
 * Reads the body of `POST /v1/sentiment`.
 *
 * @throws HeadroomError with a code of its own for each thing that can be wrong; neither its text
 * nor its members hold any text of a message
 */
export function parseSentimentRequest(body: Buffer): SentimentRequest {
  const { text, value } = parseJson(body, '{"messages": ["..."]}');
  const parsed = SCHEMA.safeParse(value);
  if (!parsed.success) throw problemOf(parsed.error.issues);
  // The schema allows no keys but the top ones, so any more of them in the text are repetitions.
  refuseRepeatedFields(text, value as object, FIELDS);
  return parsed.data;
}

function problemOf(issues: readonly z.core.$ZodIssue[]): HeadroomError {
  // A misspelt field also makes the right one missing: the first is what helps.
  const issue = issues.find((i) => i.code === "unrecognized_keys") ?? issues[0];
  const [field, index] = issue?.path ?? [];
  if (issue?.code === "unrecognized_keys") {
    const name = issue.keys.find((key) => /^\w{1,40}$/.test(key));
    return new HeadroomError(
      "unknown_field",
      `The body has a field that is not known; it may hold ${FIELDS.join(", ")}.`,
      { members: { field: name, allowed: FIELDS } },
    );
  }
  if (issue?.code === "custom" && typeof index === "number") {
    const rule = issue.params?.["rule"] as TextRule;
    return new HeadroomError(rule.code, `Message ${index} (counted from 0) ${rule.says}.`, {
      members: { index, ...rule.members },
    });
  }
  if (field === "attribution") {
    return new HeadroomError(
      "unknown_attribution",
      `The attribution method is not known; use one of ${ATTRIBUTION_METHODS.join(", ")}.`,
      { members: { field, allowed: ATTRIBUTION_METHODS } },
    );
  }
  if (field === "words") {
    return new HeadroomError(
      "invalid_request",
      '"words" is not a boolean; send false to leave the words of attributions out.',
      { members: { field } },
    );
  }
  if (issue?.code === "too_small") {
    return new HeadroomError("no_messages", "The list of messages is empty; send at least one.");
  }
  if (issue?.code === "too_big") {
    return new HeadroomError(
      "too_many_messages",
      `There are more than ${MAX_MESSAGES} messages; send them in several requests.`,
      { members: { limit: MAX_MESSAGES, unit: "messages" } },
    );
  }
  return wrongType(field, index);
}

function wrongType(field: PropertyKey | undefined, index: PropertyKey | undefined): HeadroomError {
  const shape = 'send {"messages": ["..."], "attribution": "none"}';
  if (typeof index === "number") {
    return new HeadroomError(
      "invalid_request",
      `Message ${index} (counted from 0) is not a string; ${shape}.`,
      { members: { field: "messages", index } },
    );
  }
  return field === "messages"
    ? new HeadroomError("invalid_request", `"messages" is missing or not a list; ${shape}.`, {
        members: { field },
      })
    : new HeadroomError("invalid_request", `The body is not a JSON object; ${shape}.`);
}

function isLongerThan(message: string, codePoints: number): boolean {
  // A code point is one or two UTF-16 units, so most texts need no counting.
  if (message.length <= codePoints) return false;
  if (message.length > 2 * codePoints) return true;
  return [...message].length > codePoints;
}
