import { z } from "zod";
import type { Ask, Turn, Wishes } from "../../engine/generator.ts";
import { HeadroomError } from "../../errors.ts";
import { parseObject, type ObjectBody } from "../../http/json.ts";
import { toJsonGrammar } from "./json-schema.ts";

/** What a client asks the chat model for. */
export interface Asked {
  readonly model: string;
  readonly ask: Ask;
  readonly wishes: Wishes;
  readonly stream: boolean;
  /** Whether a streamed answer ends with its tokens. */
  readonly includeUsage: boolean;
}

/** Held against the end of the text at each token. */
const STOP = z.string().min(1).max(256);

/** Fields of both paths. A description completes the sentence "Send ...". */
const SHARED = {
  model: z.string().describe("the name of the chat model, as GET /v1/models lists it"),
  temperature: number(0, 2, "a number from 0, which takes the likeliest token each time, to 2"),
  top_p: number(0, 1, "a number from 0 to 1"),
  presence_penalty: number(-2, 2, "a number from -2 to 2"),
  frequency_penalty: number(-2, 2, "a number from -2 to 2"),
  seed: z.int().nullish().describe("a whole number"),
  stop: z
    .union([STOP, z.array(STOP).max(4)])
    .nullish()
    .describe("a text or up to four, of 1 to 256 characters"),
  n: z.literal(1).nullish().describe("1: one answer a request"),
  stream: z.boolean().nullish().describe("true or false"),
  stream_options: z
    .strictObject({
      include_usage: z.boolean().nullish(),
      include_obfuscation: z.boolean().nullish(),
    })
    .nullish()
    .describe('an object such as {"include_usage": true}'),
  max_tokens: tokens(),
  user: z.string().nullish().describe("a text; it has no effect"),
};

/** Known fields of both paths for which the chat model is no use. */
const REFUSED = ["logit_bias"] as const;

const CONTENT = z.union([
  z.string(),
  z.array(z.looseObject({ type: z.string(), text: z.string().optional() })).min(1),
]);

const MESSAGE = z.strictObject({
  role: z.enum(["system", "developer", "user", "assistant", "tool", "function"]),
  content: CONTENT.nullish(),
  // What clients send back of an answer, and of messages of more than two.
  ...{
    name: z.string().nullish(),
    refusal: z.null().optional(),
    annotations: z.unknown().optional(),
  },
  ...refusing(["tool_calls", "tool_call_id", "function_call", "audio"]),
});

const CHAT_REFUSED = [
  ...REFUSED,
  ...["audio", "function_call", "functions", "prediction", "reasoning_effort", "tool_choice"],
  ...["tools", "top_logprobs", "verbosity", "web_search_options"],
] as const;

/** The body of `POST /v1/chat/completions`, as the exporter's own chat model takes it. */
export const CHAT_BODY = body({
  schema: z
    .strictObject({
      ...SHARED,
      messages: z
        .array(MESSAGE)
        .min(1)
        .describe('at least one message such as {"role": "user", "content": "Hello"}'),
      max_completion_tokens: tokens(),
      response_format: z
        .discriminatedUnion("type", [
          z.strictObject({ type: z.literal("text") }),
          z.strictObject({ type: z.literal("json_object") }),
          z.strictObject({
            type: z.literal("json_schema"),
            json_schema: z.strictObject({
              name: z.string(),
              description: z.string().nullish(),
              strict: z.boolean().nullish(),
              schema: z.looseObject({}).optional(),
            }),
          }),
        ])
        .nullish()
        .describe('an object of the type "text", "json_object", or "json_schema" with a schema'),
      logprobs: z.literal(false).nullish().describe("false: probabilities are not told"),
      modalities: z
        .tuple([z.literal("text")])
        .nullish()
        .describe('["text"]: nothing else is made'),
      metadata: z.looseObject({}).nullish().describe("an object; it has no effect"),
      store: z.boolean().nullish().describe("true or false; nothing is stored"),
      parallel_tool_calls: z.boolean().nullish().describe("true or false; it has no effect"),
      service_tier: z.string().nullish().describe("a text; it has no effect"),
      prompt_cache_key: z.string().nullish().describe("a text; it has no effect"),
      prompt_cache_retention: z.string().nullish().describe("a text; it has no effect"),
      safety_identifier: z.string().nullish().describe("a text; it has no effect"),
      ...refusing(CHAT_REFUSED),
    })
    .meta({ id: "ChatRequest" }),
  example: '{"model": "...", "messages": [{"role": "user", "content": "Hello"}]}',
});

/** The body of `POST /v1/completions`. */
export const COMPLETION_BODY = body({
  schema: z
    .strictObject({
      ...SHARED,
      prompt: z.string().min(1).describe("a text that is not empty, and only one"),
      best_of: z.literal(1).nullish().describe("1: one answer a request"),
      echo: z.literal(false).nullish().describe("false: the prompt is not repeated"),
      ...refusing([...REFUSED, "logprobs", "suffix"]),
    })
    .meta({ id: "CompletionRequest" }),
  example: '{"model": "...", "prompt": "Once upon a time"}',
});

/** OpenAI's own default of `/v1/completions`. */
const COMPLETION_TOKENS = 16;

/**
 * Reads the body of `POST /v1/chat/completions`.
 *
 * @throws HeadroomError that names the field in `param`
 */
export function parseChat(bytes: Buffer): Asked {
  const asked = parseObject(bytes, CHAT_BODY);
  const most = [asked.max_tokens, asked.max_completion_tokens].flatMap((count) => count ?? []);
  return {
    ...sharedOf(asked),
    ask: { turns: asked.messages.map(turnOf) },
    wishes: {
      ...wishesOf(asked),
      ...(most.length > 0 && { maxTokens: Math.min(...most) }),
      json: jsonOf(asked.response_format ?? { type: "text" }),
    },
  };
}

/**
 * Reads the body of `POST /v1/completions`.
 *
 * @throws HeadroomError that names the field in `param`
 */
export function parseCompletion(bytes: Buffer): Asked {
  const asked = parseObject(bytes, COMPLETION_BODY);
  checkText(asked.prompt, "prompt");
  return {
    ...sharedOf(asked),
    ask: { text: asked.prompt },
    wishes: { ...wishesOf(asked), maxTokens: asked.max_tokens ?? COMPLETION_TOKENS },
  };
}

type Shared = z.output<z.ZodObject<typeof SHARED>>;

function sharedOf({ model, stream, stream_options }: Shared) {
  return { model, stream: stream ?? false, includeUsage: stream_options?.include_usage ?? false };
}

function wishesOf(asked: Shared): Wishes {
  const { temperature, top_p, presence_penalty, frequency_penalty, seed, stop } = asked;
  const stops = [stop ?? []].flat();
  for (const text of stops) checkText(text, "stop");
  return {
    temperature: temperature ?? 1,
    topP: top_p ?? 1,
    presencePenalty: presence_penalty ?? 0,
    frequencyPenalty: frequency_penalty ?? 0,
    // OpenAI takes 64 bits, and llama.cpp has 32.
    ...(typeof seed === "number" && { seed: seed >>> 0 }),
    stop: stops,
  };
}

const ROLES = { system: "system", developer: "system", user: "user", assistant: "model" } as const;

function turnOf({ role, content }: z.output<typeof MESSAGE>, index: number): Turn {
  const param = `messages[${index}]`;
  if (role === "tool" || role === "function") throw unsupported(`${param}.role`);
  if (content === null || content === undefined) {
    throw new HeadroomError("invalid_request", `${param} has no content; send a text.`, {
      members: { param: `${param}.content` },
    });
  }
  const parts = typeof content === "string" ? [{ type: "text", text: content }] : content;
  const texts = parts.map(({ type, text }, i) => {
    if (type !== "text" || text === undefined) throw unsupported(`${param}.content[${i}]`);
    checkText(text, `${param}.content`);
    return text;
  });
  return { by: ROLES[role], text: texts.join("\n") };
}

function jsonOf(
  format: NonNullable<z.output<typeof CHAT_BODY.schema>["response_format"]>,
): Wishes["json"] {
  switch (format.type) {
    case "text":
      return undefined;
    case "json_object":
      return "object";
    case "json_schema":
      return format.json_schema.schema ? toJsonGrammar(format.json_schema.schema) : "object";
  }
}

function checkText(text: string, param: string): void {
  const members = { param };
  if (!text.isWellFormed()) {
    throw new HeadroomError(
      "lone_surrogate",
      `${param} has half of a surrogate pair, as a cut-off emoji leaves it; cut texts between characters.`,
      { members },
    );
  }
  if (text.includes("\0")) {
    throw new HeadroomError(
      "nul_character",
      `${param} contains the character NUL (U+0000), which no text needs; take it out.`,
      { members },
    );
  }
}

function number(least: number, most: number, description: string) {
  return z.number().min(least).max(most).nullish().describe(description);
}

function tokens() {
  return z.int().min(1).nullish().describe("a whole number of tokens, at least 1");
}

function refusing<const Name extends string>(names: readonly Name[]) {
  const none = z.null().optional().describe("null");
  return Object.fromEntries(names.map((name) => [name, none])) as Record<Name, typeof none>;
}

function body<S extends z.ZodRawShape>(
  about: Pick<ObjectBody<S>, "schema" | "example">,
): ObjectBody<S> {
  const fields = Object.entries(about.schema.shape) as [keyof S, z.ZodType][];
  const problems = fields.map(([name, { description }]) => [
    name,
    (issue: z.core.$ZodIssue) => problemOf(issue, description ?? ""),
  ]);
  return { ...about, problems: Object.fromEntries(problems) as ObjectBody<S>["problems"] };
}

/** What was sent in its place is not repeated: it could be a text. */
function problemOf(issue: z.core.$ZodIssue, wanted: string): HeadroomError {
  const param = issue.path
    .map((step, i) =>
      typeof step === "number" ? `[${step}]` : `${i > 0 ? "." : ""}${String(step)}`,
    )
    .join("");
  if (issue.code === "unrecognized_keys") {
    const [name] = issue.keys.filter((key) => /^\w{1,40}$/.test(key));
    return new HeadroomError(
      "unknown_field",
      `${param} has a field that is not known; leave it out.`,
      {
        members: { param: name === undefined ? param : `${param}.${name}` },
      },
    );
  }
  const isOne =
    issue.code === "invalid_value" && ["n", "best_of", "echo", "logprobs"].includes(param);
  if (wanted === "null" || isOne || (issue.code === "invalid_type" && issue.expected === "null")) {
    return unsupported(param, isOne ? `send ${wanted}` : undefined);
  }
  return new HeadroomError(
    "invalid_request",
    `"${param}" is missing or is not as it must be; send ${wanted}.`,
    { members: { param } },
  );
}

function unsupported(param: string, instead = "leave it out"): HeadroomError {
  return new HeadroomError(
    "unsupported_parameter",
    `The exporter's own chat model cannot do what "${param}" asks for; ${instead}, or have a model server answer ` +
      "that can (HEADROOM_UPSTREAM_URL).",
    { members: { param } },
  );
}
